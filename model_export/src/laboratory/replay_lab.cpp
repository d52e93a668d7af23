#include <array>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"
#include "laboratory/estimator_error.h"
#include "laboratory/lab.h"
#include "vitrine/stats/off_policy.h"

namespace vitrine::laboratory {
namespace {

using stats::OffPolicyEstimate;
using stats::PolicyValue;

constexpr std::size_t kContexts = 4;
constexpr std::size_t kActions = 6;
constexpr std::uint32_t kUnits = 1000;
constexpr std::uint64_t kStream = 200;

using Table = std::array<std::array<double, kActions>, kContexts>;

/// Rewards of each choice in each situation, the policy that writes the log and the one that is
/// judged, and a reward model that is wrong: it knows no situations.
struct World {
  Table reward{};
  Table logging{};
  Table target{};
  std::array<double, kActions> model{};
  double value = 0.0;  // of the judged policy

  World() {
    for (std::size_t c = 0; c < kContexts; ++c) {
      for (std::size_t a = 0; a < kActions; ++a) {
        reward[c][a] = 0.03 + 0.02 * static_cast<double>((5 * a + 3 * c) % 8);
        logging[c][a] = 0.5 / kActions + (a == c ? 0.5 : 0.0);
        target[c][a] = 0.1 / kActions + (a == (c + 2) % kActions ? 0.9 : 0.0);
        model[a] += 0.8 * reward[c][a] / kContexts;
        value += target[c][a] * reward[c][a] / kContexts;
      }
    }
  }
};

OffPolicyEstimate run_log(const World& world, std::uint64_t seed, std::uint64_t index) {
  base::Random random(seed, kStream, index);
  stats::OffPolicy policy;
  for (std::uint32_t unit = 0; unit < kUnits; ++unit) {
    const double activity = 0.5 + random.uniform();
    const std::size_t decisions = 1 + random.below(5);
    for (std::size_t d = 0; d < decisions; ++d) {
      const std::size_t c = random.below(kContexts);
      const std::size_t a = random.weighted(world.logging[c]);
      double expected = 0.0;
      for (std::size_t i = 0; i < kActions; ++i) expected += world.target[c][i] * world.model[i];
      policy.add({.reward = random.chance(activity * world.reward[c][a]) ? 1.0 : 0.0,
                  .propensity = world.logging[c][a],
                  .target = world.target[c][a],
                  .predicted = world.model[a],
                  .predicted_target = expected});
    }
    policy.end_cluster();
  }
  return policy.estimate(0.05);
}

ErrorSummary summary(const std::vector<OffPolicyEstimate>& logs,
                     PolicyValue OffPolicyEstimate::* kind, double truth) {
  EstimatorError error;
  for (const OffPolicyEstimate& log : logs) error.add(log.*kind, truth);
  return error.summary();
}

}  // namespace

ReplayLab run_replay_lab(const LabOptions& options) {
  const World world;
  std::vector<OffPolicyEstimate> logs(options.replays);
  base::parallel_for(logs.size(), 8, options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) logs[i] = run_log(world, options.seed, i);
  });
  ReplayLab lab{
      .logs = options.replays,
      .truth = world.value,
      .errors = {.ips = summary(logs, &OffPolicyEstimate::ips, world.value),
                 .snips = summary(logs, &OffPolicyEstimate::snips, world.value),
                 .doubly_robust = summary(logs, &OffPolicyEstimate::doubly_robust, world.value)}};
  for (const OffPolicyEstimate& log : logs) {
    lab.effective_size += log.effective_size / options.replays;
  }
  return lab;
}

}  // namespace vitrine::laboratory
