#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vitrine/bandits/bandit.h"
#include "vitrine/experiment/bucketing.h"

namespace vitrine::assignment {

/// A further draw that a unit must pass: in when it falls into any of the ranges.
struct BucketFilter {
  std::u16string seed;
  std::vector<BucketRange> ranges;
  std::string attribute = "id";
  int hash_version = 2;
};

/// From `from` on (milliseconds since 1970), this share of units takes part.
struct RampStep {
  std::int64_t from = 0;
  double coverage = 0.0;
};

struct NamespaceRange {
  std::u16string id;
  double start = 0.0;
  double end = 0.0;
};

enum class ExperimentStatus { kDraft, kRunning, kStopped };

/// An experiment as GrowthBook writes it, with Vitrine's own `holdout`, `ramp` and `bandit`.
/// docs/experiments.md says what each field does; the npm package has the same.
struct Experiment {
  std::string key;
  std::u16string seed;  // the key where none is given
  int hash_version = 1;
  std::string hash_attribute = "id";
  std::string fallback_attribute;  // empty: none
  std::vector<nlohmann::json> variations;
  std::vector<std::string> variation_keys;   // one each; the index where none is given
  std::vector<std::string> variation_names;  // one each
  double coverage = 1.0;
  std::vector<RampStep> ramp;       // ascending; empty: `coverage` at all times
  std::vector<double> weights;      // empty: equal ones
  std::vector<BucketRange> ranges;  // in place of coverage, ramp and weights; empty: none
  std::optional<NamespaceRange> part;
  std::optional<std::vector<BucketFilter>> filters;             // in place of `part`
  std::string holdout;                                          // empty: none
  nlohmann::json condition;                                     // null: none
  std::vector<std::pair<std::string, nlohmann::json>> parents;  // feature, condition
  std::optional<int> force;
  bool active = true;
  ExperimentStatus status = ExperimentStatus::kRunning;
  int bucket_version = 0;
  int min_bucket_version = 0;
  bool sticky = true;
  std::optional<bandits::Bandit> bandit;  // each browser learns which variation to show
};

using Experiments = std::map<std::string, Experiment, std::less<>>;

/// One experiment. Precondition: the fields have the types that definition_error asks for; their
/// values may lie outside of its bounds, as GrowthBook's published cases do.
[[nodiscard]] Experiment experiment_from(const nlohmann::json& entry);

/// The experiments of a list by key, checked before.
[[nodiscard]] Experiments experiments_from(const nlohmann::json& list);

/// Milliseconds since 1970 of "2026-03-01" or "2026-03-01T08:00:00Z"; nothing for another text.
[[nodiscard]] std::optional<std::int64_t> parse_utc(const std::string& text);

}  // namespace vitrine::assignment
