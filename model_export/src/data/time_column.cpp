#include "data/time_column.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/error.h"

namespace vitrine::data {

namespace {

// A number that lies between two of these bounds is a time between 1973 and 5138 in that unit. The
// ranges of the units do not overlap.
constexpr double kFirstSecond = 1e8;
constexpr double kFirstMillisecond = 1e11;
constexpr double kFirstMicrosecond = 1e14;
constexpr double kFirstNanosecond = 1e17;

constexpr std::string_view kNumericDate = R"(^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(\D|$))";

struct UnitName {
  TimeUnit unit;
  std::string_view flag;
  std::string_view words;
};

constexpr UnitName kUnits[] = {
    {TimeUnit::kSeconds, "seconds", "seconds"},
    {TimeUnit::kMilliseconds, "milliseconds", "milliseconds"},
    {TimeUnit::kMicroseconds, "microseconds", "microseconds"},
    {TimeUnit::kNanoseconds, "nanoseconds", "nanoseconds"},
    {TimeUnit::kDay, "YYYYMMDD", "days written YYYYMMDD"},
    {TimeUnit::kDayAndTime, "YYYYMMDDhhmmss", "times written YYYYMMDDhhmmss"},
    {TimeUnit::kSerialDay, "excel", "days since 1899-12-30, as spreadsheets count"},
    {TimeUnit::kDayNumber, "days", "numbers of days"},
};

/// Returns a VARCHAR expression: a time text with an ISO date or a month's name, brought into a
/// form that casts and strptime read.
std::string plain_time_sql(const std::string& text) {
  const struct {
    std::string_view pattern;
    std::string_view by;
  } steps[] = {
      {R"(\s*\([^)]*\)\s*$)", ""},  // (Central European Time)
      {R"(^(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+)", ""},
      {R"(^(\d{4})(\d\d)(\d\d)[T ]?(\d\d)(\d\d)(\d\d))", R"(\1-\2-\3 \4:\5:\6)"},
      {R"((:\d\d),(\d{1,9})\b)", R"(\1.\2)"},
      {R"((:\d\d(?:\.\d+)?)\s*(?:GMT|UTC|Z)?\s*([+-]\d\d):?(\d\d)?(?:\s+[A-Z]{2,5})?$)",
       R"(\1\2:\3)"},
      {R"((:\d\d(?:\.\d+)?[+-]\d\d:)$)", R"(\100)"},
      {R"((:\d\d(?:\.\d+)?)\s*(?:GMT|UTC|Z)$)", R"(\1)"},
      {R"(\s+at\s+)", " "},
  };
  std::string sql = fmt::format("trim({})", text);
  for (const auto& [pattern, by] : steps) {
    sql = fmt::format("regexp_replace({}, {}, {})", sql, sql_literal(pattern), sql_literal(by));
  }
  return sql;
}

std::string quoted_formats(const std::vector<std::string>& formats) {
  std::string out;
  for (const std::string& format : formats) {
    out += fmt::format("{}'{}'", out.empty() ? "" : ", ", format);
  }
  return out;
}

std::vector<std::string> numeric_formats(const DateOrder& order) {
  const std::string_view day = order.day_first ? "%d" : "%m";
  const std::string_view month = order.day_first ? "%m" : "%d";
  std::vector<std::string> formats;
  // "%Y" also reads a year of two digits, as one of the first century, so "%y" comes first.
  for (const std::string_view year : {"%y", "%Y"}) {
    if (year == "%y" && !order.short_years) continue;
    for (const char separator : {'/', '.', '-'}) {
      const std::string date = fmt::format("{0}{3}{1}{3}{2}", day, month, year, separator);
      for (const std::string_view time :
           {" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "", " %I:%M %p", " %I:%M:%S %p", ", %H:%M:%S",
            ", %H:%M", ", %I:%M:%S %p", ", %I:%M %p"}) {
        formats.push_back(date + std::string(time));
      }
    }
  }
  return formats;
}

std::vector<std::string> named_month_formats() {
  std::vector<std::string> formats;
  for (const std::string_view date :
       {"%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y",
        "%d/%b/%Y", "%d-%b-%y", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d"}) {
    for (const std::string_view time :
         {" %H:%M:%S", " %H:%M:%S%z", " %H:%M", "", ":%H:%M:%S%z", ":%H:%M:%S", " %H:%M:%S.%f",
          ", %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %I:%M %p", ", %I:%M:%S %p"}) {
      formats.push_back(std::string(date) + std::string(time));
    }
  }
  formats.emplace_back("%b %d %H:%M:%S %Y");  // C's asctime
  return formats;
}

}  // namespace

std::string_view time_unit_words(TimeUnit unit) {
  return std::find_if(std::begin(kUnits), std::end(kUnits),
                      [unit](const UnitName& known) { return known.unit == unit; })
      ->words;
}

TimeUnit parse_time_unit(const std::string& text) {
  std::string flags;
  for (const UnitName& known : kUnits) {
    if (known.flag == text) return known.unit;
    flags += fmt::format("{}{}", flags.empty() ? "" : ", ", known.flag);
  }
  throw base::Error(base::ExitCode::kUsage,
                    fmt::format("--time-unit {}: use one of {}", text, flags));
}

void TimeEvidence::add(const TimeEvidence& other) {
  numbers += other.numbers;
  below_milliseconds += other.below_milliseconds;
  below_microseconds += other.below_microseconds;
  below_nanoseconds += other.below_nanoseconds;
  small += other.small;
  days += other.days;
  days_and_times += other.days_and_times;
  serials += other.serials;
  recent_serials += other.recent_serials;
  broken_serials += other.broken_serials;
  texts += other.texts;
  texts_without_time += other.texts_without_time;
  clocks += other.clocks;
  dates += other.dates;
  largest_first = std::max(largest_first, other.largest_first);
  largest_second = std::max(largest_second, other.largest_second);
  short_years += other.short_years;
  slashes += other.slashes;
}

std::string time_evidence_sql(const std::string& text) {
  const std::string n = fmt::format("TRY_CAST({} AS DOUBLE)", text);
  const std::string valid = fmt::format("isfinite({0}) AND {0} > 0", n);
  const auto count = [](const std::string& condition) {
    return fmt::format(", count(*) FILTER ({})", condition);
  };
  const auto written = [&](std::string_view least, std::string_view most, std::string_view format) {
    return count(
        fmt::format("{0} BETWEEN {1} AND {2} AND {0} = trunc({0}) AND "
                    "try_strptime(CASE WHEN {0} < 1e15 THEN {0} END::BIGINT::VARCHAR, '{3}') IS "
                    "NOT NULL",
                    n, least, most, format));
  };
  const std::string pattern = sql_literal(kNumericDate);
  const std::string date = fmt::format("({} IS NULL AND regexp_matches({}, {}))", n, text, pattern);
  const auto part = [&](int group) {
    return fmt::format("TRY_CAST(regexp_extract({}, {}, {}) AS BIGINT)", text, pattern, group);
  };
  return fmt::format("count(*) FILTER ({})", valid) +
         count(fmt::format("{} AND {} < {}", valid, n, kFirstMillisecond)) +
         count(fmt::format("{} AND {} < {}", valid, n, kFirstMicrosecond)) +
         count(fmt::format("{} AND {} < {}", valid, n, kFirstNanosecond)) +
         count(fmt::format("{} AND {} < {}", valid, n, kFirstSecond)) +
         written("19000101", "21001231", "%Y%m%d") +
         written("19000101000000", "21001231235959", "%Y%m%d%H%M%S") +
         count(fmt::format("{} BETWEEN 20000 AND 80000", n)) +
         count(fmt::format("{} BETWEEN 32874 AND 54789", n)) +
         count(fmt::format("{0} BETWEEN 20000 AND 80000 AND {0} <> trunc({0})", n)) +
         count(fmt::format("trim({}) <> '' AND {} IS NULL", text, n)) +
         count(fmt::format("trim({0}) <> '' AND {1} IS NULL AND NOT contains({0}, ':')", text, n)) +
         count(fmt::format("strlen({0}) < 16 AND regexp_full_match(trim({0}), "
                           "'[0-9]{{1,2}}:[0-9]{{2}}(:[0-9.]+)?')",
                           text)) +
         count(date) +
         fmt::format(", coalesce(max({0}) FILTER ({2}), 0), coalesce(max({1}) FILTER ({2}), 0)",
                     part(1), part(2), date) +
         count(fmt::format("{} AND strlen(regexp_extract({}, {}, 3)) = 2", date, text, pattern)) +
         count(fmt::format("{} AND contains({}, '/')", date, text));
}

TimeEvidence read_time_evidence(const Chunk& chunk, std::size_t at) {
  const auto next = [&] { return chunk.int64s(at++)[0]; };
  TimeEvidence evidence;
  evidence.numbers = next();
  evidence.below_milliseconds = next();
  evidence.below_microseconds = next();
  evidence.below_nanoseconds = next();
  evidence.small = next();
  evidence.days = next();
  evidence.days_and_times = next();
  evidence.serials = next();
  evidence.recent_serials = next();
  evidence.broken_serials = next();
  evidence.texts = next();
  evidence.texts_without_time = next();
  evidence.clocks = next();
  evidence.dates = next();
  evidence.largest_first = next();
  evidence.largest_second = next();
  evidence.short_years = next();
  evidence.slashes = next();
  return evidence;
}

TimeRule decide_time(const TimeEvidence& evidence, std::optional<TimeUnit> unit,
                     std::optional<bool> day_first) {
  TimeRule rule;
  DateOrder& order = rule.order;
  order.short_years = evidence.short_years > 0;
  order.long_years = evidence.dates > evidence.short_years;
  order.ambiguous =
      evidence.dates > 0 && evidence.largest_first <= 12 && evidence.largest_second <= 12;
  // American tools write January as 1/12/2010, and European tools write December as 1.12.2010.
  order.day_first = evidence.largest_first > 12 || (order.ambiguous && evidence.slashes == 0);
  if (day_first) {
    order.day_first = *day_first;
    order.ambiguous = false;
  }
  if (unit) {
    rule.unit = *unit;
    return rule;
  }
  // It is enough that half of the numbers are of one form. As with a median, a few odd rows change
  // nothing.
  const std::int64_t half = (evidence.numbers + 1) / 2;
  const std::int64_t most = evidence.numbers - evidence.numbers / 10;
  if (half == 0) return rule;
  if (evidence.days >= half) {
    rule.unit = TimeUnit::kDay;
  } else if (evidence.days_and_times >= half) {
    rule.unit = TimeUnit::kDayAndTime;
  } else if (evidence.recent_serials >= most ||
             (evidence.serials >= most && evidence.broken_serials >= half)) {
    rule.unit = TimeUnit::kSerialDay;
  } else if (evidence.small >= half) {
    rule.undecided = evidence.texts < evidence.numbers;
  } else if (evidence.below_milliseconds >= half) {
    rule.unit = TimeUnit::kSeconds;
  } else if (evidence.below_microseconds >= half) {
    rule.unit = TimeUnit::kMilliseconds;
  } else if (evidence.below_nanoseconds >= half) {
    rule.unit = TimeUnit::kMicroseconds;
  } else {
    rule.unit = TimeUnit::kNanoseconds;
  }
  return rule;
}

std::string time_number_sql(const std::string& text) {
  return fmt::format("TRY_CAST({} AS DOUBLE)", text);
}

std::string time_text_sql(const std::string& text, const DateOrder& order) {
  static const std::string kNamed = quoted_formats(named_month_formats());
  // Offsets are respected only in TIMESTAMPTZ; a cast to TIMESTAMP ignores them. Most texts are
  // read by the first cast. A lambda names the rewritten text once.
  const std::string text_with_words = fmt::format(
      "coalesce(epoch_us(TRY_CAST({0} AS TIMESTAMPTZ)), list_transform([{1}], lambda plain: "
      "coalesce(epoch_us(TRY_CAST(plain AS TIMESTAMPTZ)), epoch_us(try_strptime(plain, "
      "[{2}]))))[1])",
      text, plain_time_sql(text), kNamed);
  if (!order.short_years && !order.long_years) return text_with_words;
  // "1/2/24" would be cast to a day of the year 1.
  return fmt::format(
      "CASE WHEN regexp_matches({0}, {1}) THEN epoch_us(try_strptime(trim({0}), [{2}])) ELSE {3} "
      "END",
      text, sql_literal(kNumericDate), quoted_formats(numeric_formats(order)), text_with_words);
}

std::string time_number_micros_sql(const std::string& number, TimeUnit unit) {
  const auto times = [&](std::string_view factor) {
    return fmt::format("TRY_CAST(floor({} * {}) AS BIGINT)", number, factor);
  };
  const auto written = [&](std::string_view format) {
    return fmt::format("epoch_us(try_strptime(TRY_CAST({} AS BIGINT)::VARCHAR, '{}'))", number,
                       format);
  };
  switch (unit) {
    case TimeUnit::kSeconds:
      return times("1e6");
    case TimeUnit::kMilliseconds:
      return times("1e3");
    case TimeUnit::kMicroseconds:
      return times("1");
    case TimeUnit::kNanoseconds:
      return fmt::format("TRY_CAST(floor({} / 1e3) AS BIGINT)", number);
    case TimeUnit::kDay:
      return written("%Y%m%d");
    case TimeUnit::kDayAndTime:
      return written("%Y%m%d%H%M%S");
    case TimeUnit::kSerialDay:  // to the second: a spreadsheet keeps about ten digits
      return fmt::format("TRY_CAST(round(({} - 25569) * 86400) AS BIGINT) * 1000000", number);
    case TimeUnit::kDayNumber:
      return times("86400e6");
  }
  return times("1e6");
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
    case TimeUnit::kDayNumber:
      return "false";
    case TimeUnit::kSerialDay:
      return fmt::format("{} >= {}", number, kFirstSecond);
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
