#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vitrine/assignment/definition.h"

namespace vitrine::simulate {

/// Factors that change the behaviour of a visit compared with a visit without any experiment; 1
/// means no change.
struct Behaviour {
  double clicks = 1.0;      // chance to click an item of the list
  double carts = 1.0;       // chance to put a viewed item into the cart
  double conversion = 1.0;  // chance that the items of a cart are bought
  double basket = 1.0;      // number of pieces of each bought item

  bool operator==(const Behaviour&) const = default;
};

/// The effect of one variation on the shoppers who fulfil a condition.
struct Effect {
  std::size_t experiment = 0;  // index of the experiment
  int variation = 0;
  nlohmann::json condition;  // on a shopper's attributes; null for all shoppers
  Behaviour factors;
  double lost = 0.0;  // share of the units whose exposures never arrive
};

/// The list that shoppers see in the first experiment.
struct ListPlan {
  std::string slot = "home";
  std::size_t items = 0;     // 0 for no list
  double exploration = 0.0;  // chance that the order of the list is random
  double clicks = 0.3;       // chance of a click on a perfectly fitting item in the first place
};

/// The experiments of a simulated shop and their known effects.
struct TrialPlan {
  std::vector<assignment::Experiment> experiments;  // in the order of the file
  assignment::Experiments by_key;                   // for looking up holdouts
  std::vector<Effect> effects;
  ListPlan list;
  double reach = 1.0;  // share of visits in which the variations are seen
};

/// Parses the file of `vitrine simulate --experiments`; docs/experiments.md describes it. Throws
/// Error(kUsage), which names the wrong field and the values that it accepts.
[[nodiscard]] TrialPlan parse_trial_plan(const nlohmann::json& file);

}  // namespace vitrine::simulate
