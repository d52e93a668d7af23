#pragma once

#include <array>
#include <cstdint>

#include "vitrine/ranking/session.h"

namespace vitrine::statistics {

/// The settings for computing statistics from events.
struct StatisticsOptions {
  std::array<double, kEventKinds> kind_weights = {1.0, 2.0, 3.0, 1.5, 0.0, 0.5};  // for popularity
  double popularity_half_life_days = 0.0;  // 0: a quarter of the log's time span
  double session_half_life_days = 0.0;     // 0: a third of the log's time span
  double past_decay = 0.5;                 // of a click's weight per click before a cut; (0, 1)
  double future_decay = 0.1;               // the same after a cut; (0, 1)
  std::uint32_t window = 10;               // clicks further apart do not count as a pair
  std::uint32_t longest_session = 1000;    // longer ones are robots and left out of pairs
  /// Nothing rests on fewer distinct shoppers than these; 0 and 1: no floor.
  std::uint32_t min_shoppers = 0;

  [[nodiscard]] bool has_floor() const { return min_shoppers > 1; }

  bool operator==(const StatisticsOptions&) const = default;
};

}  // namespace vitrine::statistics
