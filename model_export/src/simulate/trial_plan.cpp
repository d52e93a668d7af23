#include "simulate/trial_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "assignment/check_experiments.h"
#include "base/error.h"

namespace vitrine::simulate {
namespace {

using nlohmann::json;

constexpr std::size_t kMostVariations = 32;

[[noreturn]] void refuse(const std::string& at, std::string_view wanted, const json& value) {
  throw base::Error(base::ExitCode::kUsage,
                    fmt::format("The experiments' \"{}\" must be {}, not {}.", at, wanted,
                                value.dump(-1, ' ', false, json::error_handler_t::replace)));
}

void check_keys(const json& object, const std::string& at,
                std::initializer_list<std::string_view> known) {
  if (!object.is_object()) refuse(at, "an object", object);
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw base::Error(base::ExitCode::kUsage,
                      fmt::format("The experiments have an unknown key \"{}.{}\". Known here: {}.",
                                  at, key, fmt::join(known, ", ")));
  }
}

void read_number(const json& object, const std::string& at, const char* name, double low,
                 double high, double& to) {
  const json value = object.value(name, json());
  if (value.is_null()) return;
  if (!value.is_number() || !(value >= low) || !(value <= high)) {
    refuse(at + "." + name, fmt::format("a number from {:g} to {:g}", low, high), value);
  }
  to = value;
}

/// Reads a relative change and stores it as a factor.
void read_change(const json& object, const std::string& at, const char* name, double low,
                 double high, double& factor) {
  double change = 0.0;
  read_number(object, at, name, low, high, change);
  factor = 1.0 + change;
}

Effect read_effect(const json& entry, const std::string& at, const TrialPlan& plan) {
  check_keys(
      entry, at,
      {"experiment", "variation", "condition", "clicks", "carts", "conversion", "basket", "lost"});
  Effect effect;
  const auto experiment = std::find_if(plan.experiments.begin(), plan.experiments.end(),
                                       [&](const assignment::Experiment& one) {
                                         return entry.value("experiment", json()) == one.key;
                                       });
  if (experiment == plan.experiments.end()) {
    refuse(at + ".experiment", "the key of an experiment", entry.value("experiment", json()));
  }
  effect.experiment = static_cast<std::size_t>(experiment - plan.experiments.begin());
  const std::vector<std::string>& names = experiment->variation_names;
  const auto variation = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return entry.value("variation", json()) == name;
  });
  if (variation == names.end()) {
    refuse(at + ".variation", fmt::format("one of {}", fmt::join(names, ", ")),
           entry.value("variation", json()));
  }
  effect.variation = static_cast<int>(variation - names.begin());
  effect.condition = entry.value("condition", json());
  if (!effect.condition.is_null() && !effect.condition.is_object()) {
    refuse(at + ".condition", "an object", effect.condition);
  }
  // The bounds keep every chance below 1: it is 0.2 for a view, 0.45 for a cart and 0.3 for a list.
  read_change(entry, at, "clicks", -1.0, 2.0, effect.factors.clicks);
  read_change(entry, at, "carts", -1.0, 4.0, effect.factors.carts);
  read_change(entry, at, "conversion", -1.0, 1.2, effect.factors.conversion);
  read_change(entry, at, "basket", 0.0, 9.0, effect.factors.basket);
  read_number(entry, at, "lost", 0.0, 1.0, effect.lost);
  return effect;
}

ListPlan read_list(const json& entry) {
  check_keys(entry, "list", {"slot", "items", "exploration", "clicks"});
  ListPlan list;
  const json slot = entry.value("slot", json(list.slot));
  if (!slot.is_string()) refuse("list.slot", "a text", slot);
  list.slot = slot;
  const json items = entry.value("items", json(6));
  if (!items.is_number_integer() || items < 1 || items > 100) {
    refuse("list.items", "a whole number from 1 to 100", items);
  }
  list.items = items;
  read_number(entry, "list", "exploration", 0.0, 1.0, list.exploration);
  read_number(entry, "list", "clicks", 0.0, 1.0, list.clicks);
  return list;
}

}  // namespace

TrialPlan parse_trial_plan(const json& file) {
  if (!file.is_object()) {
    throw base::Error(base::ExitCode::kUsage,
                      "The experiments must be a JSON object with \"experiments\".");
  }
  check_keys(file, "", {"experiments", "effects", "list", "reach"});
  TrialPlan plan;
  const json list = file.value("experiments", json());
  assignment::check_experiments(list);
  if (list.empty()) refuse("experiments", "a list of at least one", list);
  for (const json& entry : list) {
    plan.experiments.push_back(assignment::experiment_from(entry));
    const assignment::Experiment& last = plan.experiments.back();
    if (last.hash_attribute != "id") {
      refuse(last.key + ".hashAttribute", "\"id\", because the units are shoppers",
             last.hash_attribute);
    }
    if (last.bandit) {
      refuse(last.key + ".bandit", "absent, because the simulated shoppers keep their variation",
             entry["bandit"]);
    }
    if (last.variations.size() > kMostVariations) {
      refuse(last.key + ".variations", fmt::format("a list of at most {}", kMostVariations),
             last.variations.size());
    }
  }
  plan.by_key = assignment::experiments_from(list);
  const json effects = file.value("effects", json::array());
  if (!effects.is_array()) refuse("effects", "a list", effects);
  for (std::size_t i = 0; i < effects.size(); ++i) {
    plan.effects.push_back(read_effect(effects[i], fmt::format("effects[{}]", i), plan));
  }
  if (file.contains("list")) plan.list = read_list(file["list"]);
  read_number(file, "", "reach", 0.0, 1.0, plan.reach);
  return plan;
}

}  // namespace vitrine::simulate
