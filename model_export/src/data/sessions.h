#pragma once

#include <cstdint>
#include <string>

#include "data/database.h"
#include "data/event_rows.h"
#include "data/read_options.h"

namespace vitrine::data {

/// Parses the silence that ends a session: "30m", "45s", "2h", "1d". Returns seconds, 0 for "none"
/// and -1 for "auto". Throws Error(kUsage) for any other text.
[[nodiscard]] std::int64_t parse_session_gap(const std::string& text);

/// Converts `rows` into the table described at read_events, and drops `rows`. Fills
/// `report.sessions` and `report.sessions_from`.
///
/// Events of a session have the order of their times, then of the log's own sequence numbers. Where
/// few events share a time, these then have the order of their contents, so that the order of rows
/// and files does not matter. Where many do (times that are only days, lines of an order), they
/// keep the order of the rows of their file; files have the order of their times and contents, not
/// of their names.
void build_sessions(Database& database, const std::string& rows, const RowColumns& columns,
                    const ReadOptions& options, std::string_view table, ReadReport& report);

}  // namespace vitrine::data
