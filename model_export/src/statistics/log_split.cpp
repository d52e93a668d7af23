#include "statistics/log_split.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"
#include "data/database.h"
#include "data/time_column.h"

namespace vitrine::statistics {
namespace {

double number_after(const std::string& text, std::size_t at) {
  double value = 0.0;
  const auto [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || !(value > 0.0)) {
    throw base::Error(base::ExitCode::kUsage,
                      fmt::format("--split {}: a positive number must follow the \"=\".", text));
  }
  return value;
}

/// Seconds UTC of a time as people write it, below 0 when it is none: read as the times of a log
/// are.
std::int64_t parse_time(const std::string& text) {
  data::Database database({.threads = 1});
  return database.query_int64(fmt::format("SELECT coalesce({} // 1000000, -1)",
                                          data::time_text_sql(data::sql_literal(text), {})));
}

}  // namespace

LogSplit parse_split(const std::string& text) {
  using enum LogSplit::Kind;
  if (text == "leave-one-out") {
    // The last two events of a session are not used in training, as in the published protocols,
    // where one of them is for validation. The last one is predicted from all events before it.
    return {.kind = kLeaveOneOut,
            .words = "last event of each session; the two last are not trained on",
            .hold_out = HoldOut::kLastEvents};
  }
  if (text.starts_with("last-days=")) {
    const double days = number_after(text, 10);
    return {.kind = kLastDays,
            .amount = days,
            .words = fmt::format("sessions of the last {} days", days)};
  }
  if (text.starts_with("fraction=")) {
    const double share = number_after(text, 9);
    if (share >= 1.0)
      throw base::Error(base::ExitCode::kUsage,
                        "--split fraction=F needs F below 1, for example 0.1.");
    return {.kind = kFraction,
            .amount = share,
            .words = fmt::format("last {:g} % of the sessions", share * 100)};
  }
  if (text.starts_with("since=")) {
    const std::string time = text.substr(6);
    const std::int64_t seconds = parse_time(time);
    if (seconds < 0) {
      throw base::Error(base::ExitCode::kUsage,
                        fmt::format("--split {}: write a time such as since=2026-03-01 or "
                                    "since=2026-03-01T12:00:00.",
                                    text));
    }
    return {.kind = kSince,
            .since = seconds,
            .words = "events since " + time + ", from all before them in the session",
            .hold_out = HoldOut::kLatestEvents};
  }
  throw base::Error(
      base::ExitCode::kUsage,
      fmt::format("--split {} is none of leave-one-out, last-days=N, fraction=F, since=TIME.",
                  text));
}

SplitConditions conditions_of(const LogSplit& split, const std::string& log) {
  using enum LogSplit::Kind;
  switch (split.kind) {
    case kLeaveOneOut:
      return {.train = "position < length - 2", .test = "length >= 3"};
    case kLastDays: {
      const std::string cut =
          fmt::format("(SELECT max(time) FROM {}) - {}", log, split.amount * 86400.0);
      return {.train = "started < " + cut, .test = "started >= " + cut};
    }
    case kFraction: {
      const std::string cut =
          fmt::format("(SELECT (max(session) + 1) * {} FROM {})", 1.0 - split.amount, log);
      return {.train = "session < " + cut, .test = "session >= " + cut};
    }
    case kSince:
      return {.train = fmt::format("time < {}", split.since),
              .test = fmt::format("ended >= {}", split.since),
              .asked = fmt::format("time >= {}", split.since)};
  }
  return {};
}

}  // namespace vitrine::statistics
