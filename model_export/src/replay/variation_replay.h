#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/unit_history.h"
#include "vitrine/stats/off_policy.h"

namespace vitrine::replay {

/// The settings for replaying the log of a bandit slot.
struct VariationReplayOptions {
  std::string experiment;
  std::string reward = "purchase";  // the event that counts, once a round
  std::int64_t window = 86400;      // seconds after the exposure
  double alpha = 0.05;
};

/// One round of a unit as it was logged.
struct LoggedRound {
  std::size_t unit = 0;
  std::string variation;
  double propensity = 1.0;  // of the variation; (0, 1]
  double reward = 0.0;
  double number = -1.0;   // of the unit's rounds; below 0: not known
  std::int64_t time = 0;  // seconds UTC
};

/// The reward if everybody had got one variation in every round.
struct VariationValue {
  std::string variation;
  std::uint64_t rounds = 0;  // in which it was logged
  stats::OffPolicyEstimate estimate;
};

struct VariationReplay {
  std::vector<VariationValue> variations;  // by name
  std::uint64_t rounds = 0;
  std::uint64_t repeated = 0;  // exposures of a round that was logged before
  std::uint64_t unusable = 0;  // without a propensity in (0, 1]
};

/// `rows`: of options.experiment and options.reward. A round is a decision, a unit a cluster:
/// what a unit was shown and did changes the propensities of its later rounds, which are those that
/// the page logged. Throws Error(kDataUnusable) when no exposure of the experiment has a
/// propensity.
[[nodiscard]] VariationReplay replay_variations(const model::RoundRows& rows,
                                                const VariationReplayOptions& options);

/// Does the same for rounds, which must be ordered by unit. Precondition: not empty.
[[nodiscard]] VariationReplay value_variations(const std::vector<LoggedRound>& rounds,
                                               double alpha);

/// Words for why the log cannot tell of a variation, with what to do; empty for kNone.
[[nodiscard]] std::string variation_support_words(stats::SupportProblem problem);

/// Converts the result to the output of `vitrine replay --experiment --json`. A variation without
/// support has "refused" instead of its values.
void to_json(nlohmann::json& out, const VariationReplay& replay);

/// Estimates Beta priors for a bandit's variations. The mean comes from a replay (SNIPS); the
/// number of rounds follows from its error and is at most `strength`. Returns {1, 1} for a
/// variation without an estimate.
[[nodiscard]] std::vector<std::array<double, 2>> estimate_priors(
    const VariationReplay& replay, const std::vector<std::string>& variations, double strength);

}  // namespace vitrine::replay
