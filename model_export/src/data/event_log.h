#pragma once

#include <string_view>

#include "data/database.h"
#include "data/read_options.h"

namespace vitrine::data {

/// Reads event logs into `table`, which is replaced if it exists:
///     session INTEGER, position INTEGER, item VARCHAR, user_key VARCHAR or NULL, kind UTINYINT,
///     time BIGINT (seconds UTC), price DOUBLE or NULL, quantity DOUBLE or NULL,
///     country VARCHAR or NULL
/// Sessions are numbered from 0 by their first time, then by their text. `position` counts from 0
/// within a session by time as exactly as the log has it; build_sessions orders events of the same
/// time. The result depends neither on the names and the order of the files nor on the number of
/// threads. If the database has a table `catalogue` (read_items), the report says how many events
/// it knows.
///
/// Throws Error: kIo for a missing file, kUsage for a wrong --map or --session-gap, kDataUnusable
/// when a file is empty, binary or cut off, when a file lacks a required column, or when no row is
/// usable.
ReadReport read_events(Database& database, const ReadOptions& options,
                       std::string_view table = "events");

}  // namespace vitrine::data
