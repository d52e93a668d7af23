#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"
#include "laboratory/estimator_error.h"
#include "laboratory/lab.h"
#include "replay/variation_replay.h"
#include "vitrine/assignment/utf16.h"
#include "vitrine/bandits/bandit.h"

namespace vitrine::laboratory {
namespace {

constexpr std::array<double, 3> kRates = {0.04, 0.05, 0.08};
constexpr double kBest = 0.08;
constexpr std::uint32_t kUnits = 2000;
constexpr std::size_t kMostRounds = 5;
constexpr double kStrength = 200.0;
constexpr std::uint64_t kStream = 300;
constexpr std::size_t kPolicies = 4;
constexpr std::array<const char*, kPolicies> kNames = {"even split", "Thompson without priors",
                                                       "Thompson, priors from a log",
                                                       "epsilon-greedy, priors from a log"};
const std::vector<std::string> kVariations = {"a", "b", "c"};

/// The propensities for each outcome. Browsers with few rounds often have the same outcomes.
class Propensities {
 public:
  explicit Propensities(bandits::Bandit bandit) : bandit_(std::move(bandit)) {}

  const std::vector<double>& of(const std::vector<bandits::BanditCounts>& outcomes) {
    auto found = known_.find(outcomes);
    if (found == known_.end()) {
      found = known_.emplace(outcomes, bandits::bandit_propensities(bandit_, outcomes)).first;
    }
    return found->second;
  }

 private:
  bandits::Bandit bandit_;
  std::map<std::vector<bandits::BanditCounts>, std::vector<double>> known_;
};

/// Simulates the rounds of some units, which have different reward rates and may come back.
std::vector<replay::LoggedRound> run_slot(base::Random& random, const std::string& seed,
                                          const bandits::Bandit& bandit) {
  Propensities propensities(bandit);
  const std::u16string seed16 = assignment::utf16(seed);
  std::vector<replay::LoggedRound> log;
  for (std::uint32_t unit = 0; unit < kUnits; ++unit) {
    const std::u16string id = assignment::utf16("v" + std::to_string(unit));
    const double activity = 2.0 * random.uniform();
    const std::size_t rounds = 1 + random.below(kMostRounds);
    std::vector<bandits::BanditCounts> outcomes(kRates.size(), {0.0, 0.0});
    for (std::size_t round = 0; round < rounds; ++round) {
      const std::vector<double>& chances = propensities.of(outcomes);
      const std::size_t chosen =
          bandits::variation_at(chances, bandits::bandit_place(seed16, id, round));
      const bool rewarded = random.chance(activity * kRates[chosen]);
      outcomes[chosen][rewarded ? 0 : 1] += 1.0;
      log.push_back({.unit = unit,
                     .variation = kVariations[chosen],
                     .propensity = chances[chosen],
                     .reward = rewarded ? 1.0 : 0.0});
    }
  }
  return log;
}

/// Returns the mean loss of a round compared with the best variation.
double regret(const std::vector<replay::LoggedRound>& log) {
  double lost = 0.0;
  for (const replay::LoggedRound& round : log) {
    lost += kBest - kRates[static_cast<std::size_t>(round.variation[0] - 'a')];
  }
  return lost / static_cast<double>(log.size());
}

struct Result {
  std::array<double, kPolicies> regrets{};
  double rounds = 0.0;
  replay::VariationReplay replay;  // of Thompson's log with priors
};

Result run(std::uint64_t seed, std::uint64_t index) {
  base::Random random(seed, kStream, index);
  const std::string name = "slot-" + std::to_string(seed) + "-" + std::to_string(index);
  const auto slot = [&](const char* suffix, const bandits::Bandit& bandit) {
    return run_slot(random, name + suffix, bandit);
  };
  const std::vector<replay::LoggedRound> even = slot("-even", {.thompson = false, .epsilon = 1.0});
  const auto priors =
      replay::estimate_priors(replay::value_variations(even, 0.05), kVariations, kStrength);
  const std::vector<replay::LoggedRound> thompson = slot("-thompson", {.priors = priors});
  Result result;
  result.regrets = {regret(even), regret(slot("-flat", {})), regret(thompson),
                    regret(slot("-greedy", {.thompson = false, .priors = priors}))};
  result.rounds = static_cast<double>(thompson.size()) / kUnits;
  result.replay = replay::value_variations(thompson, 0.05);
  return result;
}

ErrorSummary summary(const std::vector<Result>& results,
                     stats::PolicyValue stats::OffPolicyEstimate::* kind) {
  EstimatorError error;
  for (const Result& result : results) {
    for (const replay::VariationValue& one : result.replay.variations) {
      error.add(one.estimate.*kind, kRates[static_cast<std::size_t>(one.variation[0] - 'a')]);
    }
  }
  return error.summary();
}

}  // namespace

BanditLab run_bandit_lab(const LabOptions& options) {
  std::vector<Result> results(options.replays);
  base::parallel_for(results.size(), 4, options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) results[i] = run(options.seed, i);
  });
  const auto logs = static_cast<double>(results.size());
  BanditLab lab{
      .logs = options.replays,
      .units = kUnits,
      .rates = {kRates.begin(), kRates.end()},
      .policies = {},
      .replay = {.ips = summary(results, &stats::OffPolicyEstimate::ips),
                 .snips = summary(results, &stats::OffPolicyEstimate::snips),
                 .doubly_robust = summary(results, &stats::OffPolicyEstimate::doubly_robust)}};
  for (std::size_t i = 0; i < kPolicies; ++i) {
    double mean = 0.0;
    for (const Result& result : results) mean += result.regrets[i] / logs;
    lab.policies.push_back({kNames[i], mean});
  }
  for (const Result& result : results) lab.rounds += result.rounds / logs;
  return lab;
}

}  // namespace vitrine::laboratory
