#pragma once

#include <cstdint>

namespace vitrine::model {

/// The effect of the least number of shoppers on a log.
struct FloorCounts {
  std::uint32_t min_shoppers = 0;  // 0: there was no floor, and the rest is 0
  std::uint64_t items = 0;         // in the log
  std::uint64_t items_left_out = 0;
  std::uint64_t events = 0;  // removals from the cart do not count
  std::uint64_t events_left_out = 0;
  std::uint64_t pairs = 0;  // unordered pairs of two items that are left, seen in one session
  std::uint64_t pairs_left_out = 0;
  std::uint64_t sessions = 0;      // with an item that is left
  std::uint64_t sessions_cut = 0;  // of those, whose items do not all go together
};

}  // namespace vitrine::model
