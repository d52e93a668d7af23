#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vitrine::model {

/// Sums over ordered pairs of items within sessions. They are additive: the statistics of two days
/// add up to those of both days. Rows are in compressed form: pair p of item a is (a, partner[p])
/// for p in offsets[a] .. offsets[a + 1], with rising partners.
struct PairStatistics {
  std::uint32_t item_count = 0;
  std::vector<std::uint64_t> offsets;  // [n + 1]
  std::vector<std::uint32_t> partner;  // [pairs]
  std::vector<float> together;  // sessions with both; symmetric; sessions of the item for (a, a)
  std::vector<float> past;      // S^T S: both among what was seen before a cut; symmetric
  std::vector<float> future;    // S^T T: a before and b after a cut

  /// Unordered pairs that are not here, because too few shoppers are behind them.
  std::uint64_t left_out = 0;

  [[nodiscard]] std::size_t pairs() const { return partner.size(); }
};

}  // namespace vitrine::model
