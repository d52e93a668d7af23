#pragma once

#include <cstdint>
#include <string>

#include "data/database.h"
#include "data/event_log.h"

namespace vitrine::data {

/// Seconds of silence that end a session, from "30m", "45s", "2h", "1d"; 0 for "none" and -1 for
/// "auto". Throws Error(kUsage) for anything else.
[[nodiscard]] std::int64_t parse_session_gap(const std::string& text);

/// Removes from `rows` (see create_event_rows) all but the first of rows that are equal in
/// session, user, item, kind and time. Creates the table `removed` (file INTEGER, row BIGINT) with
/// up to `max_samples` of those removed. Returns how many were.
[[nodiscard]] std::uint64_t remove_duplicates(Database& database, const std::string& rows,
                                              const std::string& removed, std::size_t max_samples);

/// Turns `rows`, which it drops, into the table of read_events. Fills `report.sessions` and
/// `report.sessions_from`.
void build_sessions(Database& database, const std::string& rows, const ReadOptions& options,
                    std::string_view table, ReadReport& report);

}  // namespace vitrine::data
