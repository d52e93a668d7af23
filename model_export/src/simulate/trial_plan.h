#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vitrine/assignment/definition.h"

namespace vitrine::simulate {

/// What a visit is like beside one without any experiment: factors, 1 for no change.
struct Behaviour {
  double clicks = 1.0;      // chance to click an item of the list
  double carts = 1.0;       // chance to put a viewed item into the cart
  double conversion = 1.0;  // chance that a cart is bought
  double basket = 1.0;      // pieces of each item that is bought

  bool operator==(const Behaviour&) const = default;
};

/// What one variation does to the shoppers who fulfil a condition.
struct Effect {
  std::size_t experiment = 0;  // index
  int variation = 0;
  nlohmann::json condition;  // on a shopper's attributes; null: all
  Behaviour factors;
  double lost = 0.0;  // share of the units whose exposures never arrive
};

/// The list that shoppers see with the first experiment.
struct ListPlan {
  std::string slot = "home";
  std::size_t items = 0;     // 0: no list
  double exploration = 0.0;  // chance that its order is left to chance
  double clicks = 0.3;       // chance of a click on an item in the first place that fits wholly
};

/// Experiments of a simulated shop and their known effects.
struct TrialPlan {
  std::vector<assignment::Experiment> experiments;  // in the order of the file
  assignment::Experiments by_key;                   // where holdouts are looked up
  std::vector<Effect> effects;
  ListPlan list;
  double reach = 1.0;  // share of visits in which the variations are seen
};

/// Reads what `vitrine simulate --experiments` is given; docs/experiments.md describes it. Throws
/// Error(kUsage) that names the field that cannot be used, and what it must be.
[[nodiscard]] TrialPlan parse_trial_plan(const nlohmann::json& file);

}  // namespace vitrine::simulate
