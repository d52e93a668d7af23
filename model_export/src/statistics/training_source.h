#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/logged_sessions.h"
#include "model/training_data.h"
#include "statistics/statistics_options.h"

namespace vitrine::statistics {

/// Called at the start of each step and as it goes on; `share` in [0, 1].
using OnStep = std::function<void(const std::string& step, double share)>;

/// The part of the log on which settings are chosen.
enum class HoldOut {
  kLastSessions,  // the last tenth of the sessions: shoppers who were not seen before
  kLastEvents,    // the last event of every session, where sessions are whole histories
  kLatestEvents,  // the last tenth of the events, of whatever session
};

/// A part of a log that models are tried on. It can be aggregated again and again, since the
/// statistics depend on options that are chosen by trying them. Must not outlive its source.
class LogPart {
 public:
  LogPart() = default;
  LogPart(const LogPart&) = delete;
  LogPart& operator=(const LogPart&) = delete;
  virtual ~LogPart() = default;

  /// From its first to its last event; 0 without events.
  [[nodiscard]] virtual double span_days() = 0;
  [[nodiscard]] virtual model::ItemTable count_items(const StatisticsOptions& options) = 0;
  /// The markets of this part. `items`: what count_items returned under the same options.
  [[nodiscard]] virtual std::vector<model::Market> aggregate_markets(
      const StatisticsOptions& options, const model::ItemTable& items) = 0;
  [[nodiscard]] virtual model::LogStatistics aggregate(const StatisticsOptions& options,
                                                       const OnStep& on_step) = 0;
};

/// Sessions that settings are judged on, and the part of the log that models are made of.
struct HeldOutSessions {
  std::unique_ptr<LogPart> early;  // null when nothing is left to learn from
  model::LoggedSessions sessions;
  std::string fingerprint;  // stands for both; another log has another one
};

/// First events of the latest tenth of the sessions, and the part of the log before them.
struct HeldOutOpenings {
  std::unique_ptr<LogPart> before;
  std::vector<model::Opening> openings;  // by session
};

/// The queries of training to a log, whichever engine reads it. Its memory does not grow with the
/// log: the answers grow with items, pairs of items and sessions. At most one LogPart of a
/// source may exist at a time.
class TrainingSource {
 public:
  TrainingSource() = default;
  TrainingSource(TrainingSource&&) = default;
  TrainingSource& operator=(TrainingSource&&) = default;
  virtual ~TrainingSource() = default;

  /// The whole log. Its item table is empty when there is nothing to learn from.
  [[nodiscard]] virtual model::TrainingData training_data(const StatisticsOptions& options,
                                                          const OnStep& on_step) = 0;
  /// Nothing without a catalogue.
  [[nodiscard]] virtual std::optional<model::Catalogue> catalogue() = 0;
  /// Nothing without a catalogue. With a floor, items with too few shoppers count as new.
  [[nodiscard]] virtual std::optional<model::NewItemCounts> new_item_counts(
      const StatisticsOptions& options) = 0;
  /// Of a large log only the latest part is looked at, whose settings come out the same.
  [[nodiscard]] virtual HeldOutSessions hold_out(HoldOut part) = 0;
  [[nodiscard]] virtual HeldOutOpenings hold_out_openings() = 0;
};

}  // namespace vitrine::statistics
