#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/database.h"

namespace vitrine::data {

/// The order of day and month in dates with slashes, dots or dashes ("12/1/2010").
struct DateOrder {
  bool day_first = false;
  /// True when some date of the column is of this form, with a year of two or four digits.
  bool short_years = false;
  bool long_years = false;
  /// True when no date decides between the two orders.
  bool ambiguous = false;
};

/// The unit of the numbers in a time column.
enum class TimeUnit : std::uint8_t {
  kSeconds,
  kMilliseconds,
  kMicroseconds,
  kNanoseconds,
  kDay,         // 20101201
  kDayAndTime,  // 20101201082600
  kSerialDay,   // 40513.35, days since 1899-12-30 as spreadsheets write them
  kDayNumber    // 1, 2, 3 ..., counted from a first day that the log does not tell
};

[[nodiscard]] std::string_view time_unit_words(TimeUnit unit);

/// Parses the value of --time-unit. Throws Error(kUsage) for an unknown one.
[[nodiscard]] TimeUnit parse_time_unit(const std::string& text);

/// The forms of the values of a time column. Counts of several files can be added.
struct TimeEvidence {
  std::int64_t numbers = 0;             // finite and above 0
  std::int64_t below_milliseconds = 0;  // numbers too small to be milliseconds of a date
  std::int64_t below_microseconds = 0;
  std::int64_t below_nanoseconds = 0;
  std::int64_t small = 0;           // numbers too small to be seconds of a date after 1973
  std::int64_t days = 0;            // 20101201
  std::int64_t days_and_times = 0;  // 20101201082600
  std::int64_t serials = 0;         // 20000 to 80000
  std::int64_t recent_serials = 0;  // those of 1990 to 2050
  std::int64_t broken_serials = 0;  // those with a time of day
  std::int64_t texts = 0;           // filled and no number
  std::int64_t texts_without_time = 0;
  std::int64_t clocks = 0;  // 21:25, a time without a day
  std::int64_t dates = 0;   // 12/1/2010
  std::int64_t largest_first = 0;
  std::int64_t largest_second = 0;
  std::int64_t short_years = 0;
  std::int64_t slashes = 0;

  void add(const TimeEvidence& other);
};

/// The number of columns of time_evidence_sql.
inline constexpr std::size_t kTimeEvidenceColumns = 18;

/// Returns aggregates of type BIGINT over the VARCHAR expression `text`, in the order of the
/// members of TimeEvidence.
[[nodiscard]] std::string time_evidence_sql(const std::string& text);

/// Reads the row that time_evidence_sql made, from column `at` on.
[[nodiscard]] TimeEvidence read_time_evidence(const Chunk& chunk, std::size_t at);

/// The rule by which a time column is read, for all files of a run.
struct TimeRule {
  TimeUnit unit = TimeUnit::kSeconds;
  DateOrder order;
  /// True when most values are small numbers which no unit makes to dates.
  bool undecided = false;
};

/// Decides how to read a column. `unit` and `day_first` come from the flags --time-unit and
/// --date-order.
[[nodiscard]] TimeRule decide_time(const TimeEvidence& evidence, std::optional<TimeUnit> unit = {},
                                   std::optional<bool> day_first = {});

/// Returns a DOUBLE expression: the number in a time text, or NULL when it is not a number.
[[nodiscard]] std::string time_number_sql(const std::string& text);

/// Returns a BIGINT expression: microseconds UTC of a time text in any of the common forms (ISO
/// 8601 with or without offset, 12/1/2010 8:26, 1.12.2010, RFC 2822, the text of a JavaScript Date,
/// ...), or NULL when it is unreadable. Text without an offset is UTC.
[[nodiscard]] std::string time_text_sql(const std::string& text, const DateOrder& order);

/// Returns a BIGINT expression: microseconds UTC of the number expression `number` in `unit`.
[[nodiscard]] std::string time_number_micros_sql(const std::string& number, TimeUnit unit);

/// Returns a BOOLEAN expression: the size of the number fits another unit better than `unit`.
[[nodiscard]] std::string other_unit_sql(const std::string& number, TimeUnit unit);

/// Formats a time as "2016-03-01 12:00:00" (UTC).
[[nodiscard]] std::string format_time(std::int64_t seconds);

}  // namespace vitrine::data
