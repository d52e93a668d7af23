#pragma once

#include <string>

#include "data/database.h"
#include "data/read_options.h"
#include "data/staging.h"

namespace vitrine::data {

/// Creates `table` for event rows that are not yet assigned to sessions:
///     session VARCHAR, user_key VARCHAR, item VARCHAR, kind UTINYINT, time BIGINT, price DOUBLE,
///     quantity DOUBLE, country VARCHAR, file INTEGER, row BIGINT
void create_event_rows(Database& database, const std::string& table);

/// Reads one file into `table` as file number `file_index`. Refused rows are added to `report`.
ReadFile read_event_rows(Database& database, const std::string& path, int file_index,
                         const ReadOptions& options, const std::string& table, ReadReport& report);

}  // namespace vitrine::data
