#pragma once

#include <cstdint>
#include <span>

#include "vitrine/format/bundle.h"
#include "vitrine/stats/frequentist.h"

namespace vitrine::insights {

/// A number that stands for an item that the bundle does not have.
inline constexpr std::uint32_t kUnknownItem = 0xFFFFFFFF;

/// A mean over predictions, and its 95 % interval over sessions, by the delta method.
struct MeanOfPredictions {
  double mean = 0.0;
  stats::Interval interval;
};

/// The quality of predictions of the next items of sessions. `vitrine evaluate` prints the same
/// means.
struct SessionEvaluation {
  std::uint32_t predictions = 0;
  std::uint32_t unknown_targets = 0;  // of them; each is a miss
  MeanOfPredictions hit_rate;         // the next item is among the first k
  MeanOfPredictions mrr;              // 1 / rank, 0 below k
  MeanOfPredictions ndcg;             // 1 / log2(1 + rank), 0 below k
  double coverage = 0.0;              // share of the items shown at least once
};

/// Ranks before every event of each session but the first, from the events before it. `items`: the
/// events of all sessions, one session after the other; session s ends before ends[s], which do not
/// fall. Numbers from the bundle's item_count on count as kUnknownItem. One list for each event:
/// O(items.size() * ranking).
[[nodiscard]] SessionEvaluation evaluate_sessions(const Bundle& bundle,
                                                  std::span<const std::uint32_t> ends,
                                                  std::span<const std::uint32_t> items,
                                                  std::uint32_t k);

}  // namespace vitrine::insights
