#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/pair_statistics.h"
#include "model/sampled_sessions.h"
#include "statistics/statistics.h"

namespace vitrine::recommend {

/// Chooses which sessions of a log go into a bundle as possible neighbours.
///
/// A session is worth the mean over its ordered pairs of items (a, b) of
///     sqrt(sessions with a and b) / (1 + later sessions with a that were taken)^0.75,
/// less up to three quarters for its age: pairs that come up again and again, of items that few
/// later sessions speak for. Taken are the sessions above a bound, whichever gives the wanted
/// number of entries, in one pass from the latest to the oldest. The latest sessions alone, which
/// is what VMIS-kNN keeps, are worse at the same size: of .502 HR@20 with all entries of diginetica
/// (its last sessions held out) half of them keep .482 that way, .494 this way; a tenth .375, .399.
class SessionSampler {
 public:
  /// `sessions` in the order of time. Those of a single item are left out, for they recommend
  /// nothing else; of longer ones than SampledSessions::kLongest the latest items count.
  SessionSampler(const statistics::SessionTable& sessions, const model::PairStatistics& pairs);

  /// Items of all sessions together.
  [[nodiscard]] std::size_t entries() const { return all_.items.size(); }

  /// Sessions of about `entries` items together, never more. O(entries()).
  [[nodiscard]] model::SampledSessions take(std::size_t entries) const;

 private:
  [[nodiscard]] model::SampledSessions above(double bound, std::size_t most) const;

  std::uint32_t item_count_;
  model::SampledSessions all_;
  std::vector<float> support_;  // [entries]: of an item by the others of its session
};

}  // namespace vitrine::recommend
