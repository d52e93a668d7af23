#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/database.h"

namespace vitrine::data {

/// How the dates of a file that are written with slashes, dots or dashes ("12/1/2010") are meant.
struct DateOrder {
  bool day_first = false;
  bool short_year = false;
  /// True when no date of the file tells which of the two it is.
  bool ambiguous = false;
};

/// What the numbers in a time column count.
enum class TimeUnit : std::uint8_t {
  kSeconds,
  kMilliseconds,
  kMicroseconds,
  kNanoseconds,
  kDay,        // 20101201
  kDayAndTime  // 20101201082600
};

[[nodiscard]] std::string_view time_unit_words(TimeUnit unit);

/// Looks through the VARCHAR expression `text` over `from` for dates like 12/1/2010 and decides
/// their order for the whole file. Costs a pass over the file only when its first rows have such
/// dates.
[[nodiscard]] DateOrder find_date_order(Database& database, const std::string& from,
                                        const std::string& text);

/// DOUBLE expression: the number in a time text, NULL when it is not a number.
[[nodiscard]] std::string time_number_sql(const std::string& text);

/// BIGINT expression: seconds UTC of a time text in any of the usual forms (ISO 8601 with or
/// without offset, 12/1/2010 8:26, 1.12.2010, RFC 2822, ...), NULL when unreadable. Text without an
/// offset is UTC.
[[nodiscard]] std::string time_text_sql(const std::string& text, const DateOrder& order);

/// The unit of the numbers in `column` (DOUBLE) of `table`, by the magnitude of their median.
[[nodiscard]] TimeUnit find_time_unit(Database& database, const std::string& table,
                                      const std::string& column);

/// BIGINT expression: seconds UTC of the number expression `number` in `unit`.
[[nodiscard]] std::string time_seconds_sql(const std::string& number, TimeUnit unit);

/// BOOLEAN expression: the number's own magnitude speaks for another unit than `unit`.
[[nodiscard]] std::string other_unit_sql(const std::string& number, TimeUnit unit);

/// "2016-03-01 12:00:00" (UTC).
[[nodiscard]] std::string format_time(std::int64_t seconds);

}  // namespace vitrine::data
