#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/event_sum.h"

namespace vitrine::statistics {

/// A question to the log of an experiment.
struct ExperimentQuery {
  std::string experiment;
  std::vector<std::string> variations;  // names as the log has them
  std::vector<std::string> segments;    // columns of the exposures
  std::vector<std::string> values;      // columns of numbers that the sums take
  std::vector<model::EventSum> sums;
  std::int64_t from = 0;                // seconds UTC; 0: the first exposure
  std::int64_t until = 0;               // 0: the end of the log
  std::uint64_t most_exposures = 1000;  // a unit with more is a bot
  double window_days = 0.0;  // that a sum covers from a unit's first exposure; 0: until the end
  double before_days = 0.0;  // that a sum covers before it
  /// The variation that the definition gives a unit, below 0: none. Empty: there is no definition.
  std::function<int(std::string_view unit)> assigned;
};

}  // namespace vitrine::statistics
