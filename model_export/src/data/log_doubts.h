#pragma once

#include <string_view>

#include "data/database.h"
#include "data/read_options.h"

namespace vitrine::data {

/// Adds to `report.doubts` what is probably wrong with a log that was read into `table`: more than
/// a tenth of the rows refused, more than half of the times before 1995, one item in most sessions,
/// ids that differ only by case; and, if the table `catalogue` exists, fewer than half of the
/// events known to it.
void find_doubts(Database& database, std::string_view table, ReadReport& report);

}  // namespace vitrine::data
