#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/database.h"

namespace vitrine::data {

/// The order of day and month in dates with slashes, dots or dashes ("12/1/2010"), for one file.
struct DateOrder {
  bool day_first = false;
  bool short_year = false;
  /// True when no date of the file decides between the two orders.
  bool ambiguous = false;
};

/// The unit of the numbers in a time column.
enum class TimeUnit : std::uint8_t {
  kSeconds,
  kMilliseconds,
  kMicroseconds,
  kNanoseconds,
  kDay,        // 20101201
  kDayAndTime  // 20101201082600
};

[[nodiscard]] std::string_view time_unit_words(TimeUnit unit);

/// Looks for dates like 12/1/2010 in the VARCHAR expression `text` over `from` and decides their
/// order for the whole file. Reads the whole file only when its first rows have such dates.
[[nodiscard]] DateOrder find_date_order(Database& database, const std::string& from,
                                        const std::string& text);

/// Returns a DOUBLE expression: the number in a time text, or NULL when it is not a number.
[[nodiscard]] std::string time_number_sql(const std::string& text);

/// Returns a BIGINT expression: seconds UTC of a time text in any of the common forms (ISO 8601
/// with or without offset, 12/1/2010 8:26, 1.12.2010, RFC 2822, ...), or NULL when it is
/// unreadable. Text without an offset is UTC.
[[nodiscard]] std::string time_text_sql(const std::string& text, const DateOrder& order);

/// Finds the unit of the numbers in `column` (DOUBLE) of `table` from the size of their median.
[[nodiscard]] TimeUnit find_time_unit(Database& database, const std::string& table,
                                      const std::string& column);

/// Returns a BIGINT expression: seconds UTC of the number expression `number` in `unit`.
[[nodiscard]] std::string time_seconds_sql(const std::string& number, TimeUnit unit);

/// Returns a BOOLEAN expression: the size of the number fits another unit better than `unit`.
[[nodiscard]] std::string other_unit_sql(const std::string& number, TimeUnit unit);

/// Formats a time as "2016-03-01 12:00:00" (UTC).
[[nodiscard]] std::string format_time(std::int64_t seconds);

}  // namespace vitrine::data
