#pragma once

#include <cstdint>
#include <string>

#include "statistics/training_source.h"

namespace vitrine::statistics {

/// The split of a log into events to train on and sessions to predict.
struct LogSplit {
  enum class Kind : std::uint8_t {
    kLeaveOneOut,  // the last event of each session is predicted; the two last are not trained on
    kLastDays,     // sessions that start in the last days of the log
    kFraction,     // the last of the sessions
    kSince,        // events from a time on, from all before them in the session
  };

  Kind kind = Kind::kFraction;
  double amount = 0.1;     // kLastDays: days; kFraction: of the sessions
  std::int64_t since = 0;  // kSince: seconds UTC
  std::string words;       // for people
  /// The settings of a model for this split are chosen on such a part of what is trained on.
  HoldOut hold_out = HoldOut::kLastSessions;

  [[nodiscard]] bool last_only() const { return kind == Kind::kLeaveOneOut; }
};

/// Reads leave-one-out, last-days=N, fraction=F or since=TIME. Throws Error(kUsage) that says what
/// is wrong.
[[nodiscard]] LogSplit parse_split(const std::string& text);

/// SQL conditions on the rows of a table of sessions with the columns length (of the session),
/// started and ended (its first and last time) beside those of read_events.
struct SplitConditions {
  std::string train;           // rows to train on
  std::string test;            // rows to predict, with what precedes them in the session
  std::string asked = "true";  // rows of the test that have to be predicted
};

/// `log`: the table of the whole log.
[[nodiscard]] SplitConditions conditions_of(const LogSplit& split, const std::string& log);

}  // namespace vitrine::statistics
