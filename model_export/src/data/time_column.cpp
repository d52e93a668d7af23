#include "data/time_column.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace vitrine::data {

namespace {

// A number that lies between two of these bounds is a time between 1973 and 5138 in that unit. The
// ranges of the units do not overlap.
constexpr double kFirstMillisecond = 1e11;
constexpr double kFirstMicrosecond = 1e14;
constexpr double kFirstNanosecond = 1e17;

constexpr std::string_view kNumericDate = R"(^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(\D|$))";

}  // namespace

std::string_view time_unit_words(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kSeconds:
      return "seconds";
    case TimeUnit::kMilliseconds:
      return "milliseconds";
    case TimeUnit::kMicroseconds:
      return "microseconds";
    case TimeUnit::kNanoseconds:
      return "nanoseconds";
    case TimeUnit::kDay:
      return "days written YYYYMMDD";
    case TimeUnit::kDayAndTime:
      return "times written YYYYMMDDhhmmss";
  }
  return "seconds";
}

DateOrder find_date_order(Database& database, const std::string& from, const std::string& text) {
  DateOrder order;
  const std::string pattern = sql_literal(kNumericDate);
  const std::int64_t seen = database.query_int64(
      fmt::format("SELECT count(*) FROM (SELECT {} AS x FROM {} LIMIT 1000) WHERE "
                  "regexp_matches(x, {})",
                  text, from, pattern));
  if (seen == 0) return order;
  Rows rows = database.query(fmt::format(
      "SELECT coalesce(max(TRY_CAST(regexp_extract(x, {0}, 1) AS INTEGER)), 0), "
      "coalesce(max(TRY_CAST(regexp_extract(x, {0}, 2) AS INTEGER)), 0), "
      "coalesce(min(length(regexp_extract(x, {0}, 3))), 4)::INTEGER, "
      "coalesce(bool_or(contains(x, '/')), false) FROM (SELECT {1} AS x FROM {2}) WHERE "
      "regexp_matches(x, {0})",
      pattern, text, from));
  const Chunk* chunk = rows.next();
  const std::int32_t first = chunk->int32s(0)[0];
  const std::int32_t second = chunk->int32s(1)[0];
  order.short_year = chunk->int32s(2)[0] == 2;
  const bool slashes = chunk->bools(3)[0];
  order.ambiguous = first <= 12 && second <= 12;
  // The order is not known. American tools write January as 1/12/2010, and European tools write
  // December as 1.12.2010.
  order.day_first = first > 12 || (order.ambiguous && !slashes);
  return order;
}

std::string time_number_sql(const std::string& text) {
  return fmt::format("TRY_CAST({} AS DOUBLE)", text);
}

std::string time_text_sql(const std::string& text, const DateOrder& order) {
  const std::string_view year = order.short_year ? "%y" : "%Y";
  const std::string_view day = order.day_first ? "%d" : "%m";
  const std::string_view month = order.day_first ? "%m" : "%d";
  std::string formats;
  const auto add = [&formats](const std::string& date, std::string_view time) {
    formats += fmt::format("{}'{}{}'", formats.empty() ? "" : ", ", date, time);
  };
  for (const char separator : {'/', '.', '-'}) {
    const std::string date = fmt::format("{0}{3}{1}{3}{2}", day, month, year, separator);
    for (const std::string_view time :
         {" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "", " %I:%M %p", " %I:%M:%S %p", ", %H:%M:%S"}) {
      add(date, time);
    }
  }
  for (const std::string_view date : {"%Y/%m/%d", "%b %d, %Y", "%d %b %Y", "%B %d, %Y"}) {
    for (const std::string_view time : {" %H:%M", " %H:%M:%S", ""}) add(std::string(date), time);
  }
  add("%a, %d %b %Y", " %H:%M:%S %z");
  add("%d/%b/%Y", ":%H:%M:%S %z");
  // Offsets are respected only in TIMESTAMPTZ; a cast to TIMESTAMP ignores them.
  return fmt::format(
      "floor(coalesce(epoch(TRY_CAST({0} AS TIMESTAMPTZ)), epoch(try_strptime(trim({0}), "
      "[{1}]))))::BIGINT",
      text, formats);
}

TimeUnit find_time_unit(Database& database, const std::string& table, const std::string& column) {
  const std::string numbers =
      fmt::format("(SELECT {0} AS n FROM {1} WHERE isfinite({0}) AND {0} > 0)", column, table);
  Rows rows = database.query(fmt::format(
      "SELECT count(*), count(*) FILTER (n < {}), count(*) FILTER (n < {}), count(*) FILTER (n < "
      "{}), count(*) FILTER (n BETWEEN 19000101 AND 21001231), count(*) FILTER (n BETWEEN "
      "19000101000000 AND 21001231235959) FROM {}",
      kFirstMillisecond, kFirstMicrosecond, kFirstNanosecond, numbers));
  const Chunk* chunk = rows.next();
  const auto count = [chunk](std::size_t at) { return chunk->int64s(at)[0]; };
  const std::int64_t half = (count(0) + 1) / 2;
  if (half == 0) return TimeUnit::kSeconds;
  // It is enough that half of the rows are dates. As with a median, a few odd rows change nothing.
  const auto written_as = [&](std::string_view format) {
    return database.query_int64(
               fmt::format("SELECT count(*) FROM {} WHERE n < {} AND n = trunc(n) AND "
                           "try_strptime(n::BIGINT::VARCHAR, '{}') IS NOT NULL",
                           numbers, kFirstMicrosecond, format)) >= half;
  };
  if (count(4) >= half && written_as("%Y%m%d")) return TimeUnit::kDay;
  if (count(5) >= half && written_as("%Y%m%d%H%M%S")) return TimeUnit::kDayAndTime;
  if (count(1) >= half) return TimeUnit::kSeconds;
  if (count(2) >= half) return TimeUnit::kMilliseconds;
  if (count(3) >= half) return TimeUnit::kMicroseconds;
  return TimeUnit::kNanoseconds;
}

std::string time_seconds_sql(const std::string& number, TimeUnit unit) {
  const auto divided = [&](std::string_view divisor) {
    return fmt::format("TRY_CAST(floor({} / {}) AS BIGINT)", number, divisor);
  };
  const auto written = [&](std::string_view format) {
    return fmt::format("epoch(try_strptime(TRY_CAST({} AS BIGINT)::VARCHAR, '{}'))::BIGINT", number,
                       format);
  };
  switch (unit) {
    case TimeUnit::kSeconds:
      return divided("1");
    case TimeUnit::kMilliseconds:
      return divided("1e3");
    case TimeUnit::kMicroseconds:
      return divided("1e6");
    case TimeUnit::kNanoseconds:
      return divided("1e9");
    case TimeUnit::kDay:
      return written("%Y%m%d");
    case TimeUnit::kDayAndTime:
      return written("%Y%m%d%H%M%S");
  }
  return divided("1");
}

std::string other_unit_sql(const std::string& number, TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kSeconds:
      return fmt::format("{} >= {}", number, kFirstMillisecond);
    case TimeUnit::kMilliseconds:
      // A number below 1e8 is probably not a time in seconds but a made-up small number.
      return fmt::format("({0} >= {1} OR {0} BETWEEN 1e8 AND {2})", number, kFirstMicrosecond,
                         kFirstMillisecond);
    case TimeUnit::kMicroseconds:
      return fmt::format("({0} >= {1} OR {0} BETWEEN 1e8 AND {2})", number, kFirstNanosecond,
                         kFirstMicrosecond);
    case TimeUnit::kNanoseconds:
      return fmt::format("{0} BETWEEN 1e8 AND {1}", number, kFirstNanosecond);
    case TimeUnit::kDay:
    case TimeUnit::kDayAndTime:
      return "false";
  }
  return "false";
}

std::string format_time(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (::gmtime_r(&time, &parts) == nullptr) return std::to_string(seconds);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", parts);
}

}  // namespace vitrine::data
