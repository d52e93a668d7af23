#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/unit_history.h"
#include "vitrine/stats/off_policy.h"

namespace vitrine::replay {

/// How the log of a bandit slot is replayed.
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

/// What giving everybody one variation in every round would have earned.
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

/// The same of rounds, those of a unit together. Precondition: not empty.
[[nodiscard]] VariationReplay value_variations(const std::vector<LoggedRound>& rounds,
                                               double alpha);

/// Words for why the log cannot tell of a variation, with what to do; empty for kNone.
[[nodiscard]] std::string variation_support_words(stats::SupportTrouble trouble);

/// As `vitrine replay --experiment --json` prints it; a variation without support has "refused" in
/// the place of its values.
void to_json(nlohmann::json& out, const VariationReplay& replay);

/// Beta priors for a bandit's variations: the mean that a replay finds (SNIPS), worth as many
/// rounds as its error tells of, at most `strength`; {1, 1} where it finds none.
[[nodiscard]] std::vector<std::array<double, 2>> estimate_priors(
    const VariationReplay& replay, const std::vector<std::string>& variations, double strength);

}  // namespace vitrine::replay
