#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/pair_statistics.h"
#include "model/sampled_sessions.h"
#include "model/session_table.h"

namespace vitrine::recommend {

/// Chooses the sessions of a log that go into a bundle as possible neighbours.
///
/// The value of a session is the mean over its ordered pairs of items (a, b) of
///     sqrt(sessions with a and b) / (1 + later sessions with a that were taken)^0.75,
/// reduced by up to three quarters for its age. So the value is high for pairs that occur often and
/// for items that few later sessions contain. All sessions above a bound are taken in one pass from
/// the latest to the oldest; the bound is the one that gives the wanted number of entries. VMIS-kNN
/// keeps only the latest sessions, which is worse at the same size. On diginetica (with its last
/// sessions held out), all entries give an HR@20 of .502; half of them give .482 by recency and
/// .494 by value, a tenth .375 and .399.
class SessionSampler {
 public:
  /// `sessions` are in the order of time. Sessions with a single item are left out, because they
  /// recommend nothing else. Of sessions longer than SampledSessions::kLongest the latest items
  /// count.
  SessionSampler(const model::SessionTable& sessions, const model::PairStatistics& pairs);

  /// The number of items of all sessions together.
  [[nodiscard]] std::size_t entries() const { return all_.items.size(); }

  /// Returns sessions with about `entries` items in total, never more. O(entries()).
  [[nodiscard]] model::SampledSessions take(std::size_t entries) const;

 private:
  [[nodiscard]] model::SampledSessions above(double bound, std::size_t most) const;

  std::uint32_t item_count_;
  model::SampledSessions all_;
  std::vector<float> support_;  // [entries]: support of an item by the other items of its session
};

}  // namespace vitrine::recommend
