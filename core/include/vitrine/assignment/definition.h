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

/// A further condition on the hash of a unit: the unit passes when its bucket is in any of the
/// ranges.
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

/// An experiment in GrowthBook's form. Vitrine adds `holdout`, `ramp` and `bandit`.
/// docs/experiments.md explains each field; the npm package has the same fields.
struct Experiment {
  std::string key;
  std::u16string seed;  // the key when no seed is given
  int hash_version = 1;
  std::string hash_attribute = "id";
  std::string fallback_attribute;  // empty: none
  std::vector<nlohmann::json> variations;
  std::vector<std::string> variation_keys;   // one for each variation; default: the index
  std::vector<std::string> variation_names;  // one for each variation
  double coverage = 1.0;
  std::vector<RampStep> ramp;       // ascending; empty: always `coverage`
  std::vector<double> weights;      // empty: equal shares
  std::vector<BucketRange> ranges;  // replaces coverage, ramp and weights; empty: none
  std::optional<NamespaceRange> part;
  std::optional<std::vector<BucketFilter>> filters;             // replaces `part`
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

/// Reads one experiment. Precondition: the fields have the types that definition_error requires.
/// Their values may be out of its bounds, as in GrowthBook's published cases.
[[nodiscard]] Experiment experiment_from(const nlohmann::json& entry);

/// Returns the experiments of a checked list by key.
[[nodiscard]] Experiments experiments_from(const nlohmann::json& list);

/// Parses "2026-03-01" or "2026-03-01T08:00:00Z" to milliseconds since 1970. Returns nothing for
/// any other text.
[[nodiscard]] std::optional<std::int64_t> parse_utc(const std::string& text);

}  // namespace vitrine::assignment
