#pragma once

#include <cstdint>
#include <string>

#include "data/database.h"
#include "data/read_options.h"

namespace vitrine::data {

/// Parses the silence that ends a session: "30m", "45s", "2h", "1d". Returns seconds, 0 for "none"
/// and -1 for "auto". Throws Error(kUsage) for any other text.
[[nodiscard]] std::int64_t parse_session_gap(const std::string& text);

/// Removes duplicates from `rows` (see create_event_rows): of all rows with the same session, user,
/// item, kind and time only the first is kept. Creates the table `removed` (file INTEGER, row
/// BIGINT) with up to `max_samples` of the removed rows. Returns the number of removed rows.
[[nodiscard]] std::uint64_t remove_duplicates(Database& database, const std::string& rows,
                                              const std::string& removed, std::size_t max_samples);

/// Converts `rows` into the table described at read_events, and drops `rows`. Fills
/// `report.sessions` and `report.sessions_from`.
void build_sessions(Database& database, const std::string& rows, const ReadOptions& options,
                    std::string_view table, ReadReport& report);

}  // namespace vitrine::data
