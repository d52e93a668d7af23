#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vitrine/assignment/definition.h"

namespace vitrine::assignment {

/// An attribute that is a unit (of randomization), and its value.
using UnitId = std::pair<std::string, std::string>;

/// The stored assignments of units: "<experiment>__<bucket version>" maps to the key of the
/// variation.
using StickyStore = std::map<UnitId, std::map<std::string, std::string>>;

/// The reason why a unit has a variation or none. The npm package uses the same words (`reason`).
enum class AssignmentReason : std::uint8_t {
  kAssigned,
  kSticky,
  kUrl,
  kForced,
  kTooFewVariations,
  kDisabled,
  kInactive,
  kQa,
  kNoUnit,
  kHoldout,
  kFiltered,
  kCondition,
  kHashVersion,
  kCoverage,
  kBlocked,
};

/// Returns the word for a reason: "assigned", "too-few-variations" ...
[[nodiscard]] std::string_view assignment_word(AssignmentReason reason);

struct Assignment {
  int variation = -1;  // -1: not in the experiment
  AssignmentReason reason = AssignmentReason::kAssigned;
  UnitId unit;

  [[nodiscard]] bool in_experiment() const { return variation >= 0; }
  /// Returns true when the variation was drawn, so that the unit counts in the analysis.
  [[nodiscard]] bool is_drawn() const {
    return in_experiment() &&
           (reason == AssignmentReason::kAssigned || reason == AssignmentReason::kSticky);
  }
};

/// The context that an assignment depends on, in addition to the experiment.
struct AssignmentContext {
  nlohmann::json attributes = nlohmann::json::object();  // "id" is the unit
  std::string url;                                       // "?key=1" forces a variation
  std::map<std::string, int> forced;                     // by key of the experiment
  bool enabled = true;
  bool qa_mode = false;                              // give only forced variations
  nlohmann::json groups = nlohmann::json::object();  // lists by name, for $inGroup
  nlohmann::json features = nlohmann::json::object();
  StickyStore* sticky = nullptr;             // not owned; changed when a unit is assigned
  const Experiments* experiments = nullptr;  // all experiments, for looking up holdouts
  std::int64_t now = 0;                      // milliseconds since 1970, for ramps
};

/// Returns the variation that `?key=n` in an address asks for, if there is one. `count` is the
/// number of variations.
[[nodiscard]] std::optional<int> query_string_override(std::string_view key, std::string_view url,
                                                       int count);

/// The derivation of an assignment: each check that was made, and each draw and condition behind
/// it, in the order in which they were made.
struct AssignmentTrace {
  /// A check by the reason that it gives; the last one decides.
  struct Check {
    AssignmentReason reason = AssignmentReason::kAssigned;
    bool decides = false;
  };
  /// The bucket of a unit. The unit is in when a range holds the bucket.
  struct Draw {
    std::string name;  // "namespace", "filter" or "variation"
    UnitId unit;
    std::u16string seed;
    int hash_version = 0;
    double bucket = 0.0;
    std::vector<BucketRange> ranges;  // of a variation's draw: one for each
    int range = -1;                   // the first that holds the bucket; -1: none
  };
  /// One field of the condition, or one parent: JSON that is wanted and JSON that was found.
  struct Requirement {
    std::string name;
    nlohmann::json wanted;
    nlohmann::json found;
    bool fulfilled = false;
  };
  std::vector<Check> checks;
  std::vector<Draw> draws;
  std::vector<Requirement> requirements;
};

/// Assigns a variation to a unit. The checks have the order of GrowthBook's SDKs (specification
/// 0.8.0). The result is the same as that of `assign` of the npm package. `trace`, when given,
/// takes the checks and draws behind the assignment; it is not cleared first.
[[nodiscard]] Assignment assign(const Experiment& experiment, const AssignmentContext& context,
                                AssignmentTrace* trace = nullptr);

}  // namespace vitrine::assignment
