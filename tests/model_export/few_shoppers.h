#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "recommend/training/options.h"

namespace vitrine {

/// Options for the small logs of tests, which have too few shoppers for a floor. Tests of the floor
/// itself do not use them.
inline recommend::TrainOptions few_shoppers() {
  recommend::TrainOptions options;
  options.statistics.min_shoppers = 0;
  return options;
}

/// The same for the arguments of a command that trains, unless they say otherwise.
inline std::vector<std::string> few_shoppers(std::vector<std::string> arguments) {
  const bool trains = !arguments.empty() && (arguments[0] == "train" || arguments[0] == "backtest");
  const bool says =
      std::find(arguments.begin(), arguments.end(), "--min-shoppers") != arguments.end();
  if (trains && !says) arguments.insert(arguments.end(), {"--min-shoppers", "0"});
  return arguments;
}

}  // namespace vitrine
