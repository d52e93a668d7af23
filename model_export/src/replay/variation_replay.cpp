#include "replay/variation_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "base/error.h"
#include "replay/estimate_json.h"

namespace vitrine::replay {
namespace {

using nlohmann::json;

/// Rounds with and without a reward, by variation.
struct Mean {
  double sum = 0.0;
  double count = 0.0;
  [[nodiscard]] double value() const { return (sum + 0.5) / (count + 1.0); }
};
using Means = std::map<std::string, Mean>;

double predict(const Means& means, const std::string& variation) {
  const auto found = means.find(variation);
  return found == means.end() ? 0.0 : found->second.value();
}

class Reader {
 public:
  explicit Reader(const VariationReplayOptions& options) : options_(options) {}

  std::vector<LoggedRound> read(const model::RoundRows& rows, VariationReplay& result) {
    rows([&](model::RoundRow row) {
      if (!row.exposed) return reward(row);
      add({.unit = row.unit,
           .variation = std::move(row.variation),
           .propensity = row.propensity,
           .number = row.number,
           .time = row.time},
          result);
    });
    return std::move(rounds_);
  }

 private:
  /// Rewards the last round if it still runs.
  void reward(const model::RoundRow& row) {
    if (rounds_.empty() || rounds_.back().unit != row.unit) return;
    if (row.time < rounds_.back().time + options_.window) rounds_.back().reward = 1.0;
  }

  void add(LoggedRound round, VariationReplay& result) {
    if (!(round.propensity > 0.0 && round.propensity <= 1.0) || round.variation.empty()) {
      ++result.unusable;
      return;
    }
    if (!rounds_.empty()) {
      // A page without storage, or without a memory of its reports, reports a round again.
      const LoggedRound& last = rounds_.back();
      if (last.unit == round.unit && last.number == round.number &&
          last.variation == round.variation && round.time < last.time + options_.window) {
        ++result.repeated;
        return;
      }
    }
    rounds_.push_back(std::move(round));
  }

  const VariationReplayOptions& options_;
  std::vector<LoggedRound> rounds_;
};

}  // namespace

VariationReplay value_variations(const std::vector<LoggedRound>& rounds, double alpha) {
  VariationReplay result;
  result.rounds = rounds.size();
  // The predictions for a unit are learned from the half of the units that it does not belong to.
  std::array<Means, 2> means;
  std::map<std::string, std::uint64_t> counts;
  for (const LoggedRound& round : rounds) {
    Mean& mean = means[(round.unit + 1) % 2][round.variation];
    mean.sum += round.reward;
    mean.count += 1.0;
    ++counts[round.variation];
  }
  for (const auto& [variation, count] : counts) {
    stats::OffPolicy policy;
    std::size_t unit = rounds.front().unit;
    for (const LoggedRound& round : rounds) {
      if (round.unit != unit) policy.end_cluster();
      unit = round.unit;
      const Means& known = means[round.unit % 2];
      policy.add({.reward = round.reward,
                  .propensity = round.propensity,
                  .target = round.variation == variation ? 1.0 : 0.0,
                  .predicted = predict(known, round.variation),
                  .predicted_target = predict(known, variation)});
    }
    policy.end_cluster();
    result.variations.push_back({variation, count, policy.estimate(alpha)});
  }
  return result;
}

VariationReplay replay_variations(const model::RoundRows& rows,
                                  const VariationReplayOptions& options) {
  VariationReplay counts;
  const std::vector<LoggedRound> rounds = Reader(options).read(rows, counts);
  if (rounds.empty()) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format(
            "The log has no exposure of \"{}\" with a propensity. Bandit slots log propensities; "
            "use `vitrine experiment analyze` for an experiment without a bandit.",
            options.experiment));
  }
  VariationReplay result = value_variations(rounds, options.alpha);
  result.repeated = counts.repeated;
  result.unusable = counts.unusable;
  return result;
}

std::string variation_support_words(stats::SupportProblem problem) {
  using enum stats::SupportProblem;
  switch (problem) {
    case kNone:
      return "";
    case kNoDecisions:
      return "fewer than two units have rounds";
    case kNotExplored:
      return "every propensity is 1: there was no exploration";
    case kMissing:
      return "it was not shown as often as its propensities say; check whether exposures get lost";
    case kTooFew:
      return "the effective sample is below 100 rounds with it; log for a longer time, or with a "
             "larger epsilon";
  }
  return "";
}

// Not in an unnamed namespace: the library finds it by the namespace of its argument.
static void to_json(json& out, const VariationValue& one) {
  out = {{"variation", one.variation}, {"rounds", one.rounds}};
  put_estimate(out, one.estimate, variation_support_words);
}

void to_json(json& out, const VariationReplay& replay) {
  const stats::OffPolicyEstimate& any = replay.variations.front().estimate;
  out = {{"command", "replay"},
         {"units", any.clusters},
         {"rounds", replay.rounds},
         {"repeated_exposures", replay.repeated},
         {"unusable_exposures", replay.unusable},
         {"logged_value", any.logged_value},
         {"variations", replay.variations}};
}

std::vector<std::array<double, 2>> estimate_priors(const VariationReplay& replay,
                                                   const std::vector<std::string>& variations,
                                                   double strength) {
  std::vector<std::array<double, 2>> priors;
  for (const std::string& name : variations) {
    const auto found =
        std::find_if(replay.variations.begin(), replay.variations.end(),
                     [&](const VariationValue& one) { return one.variation == name; });
    priors.push_back({1.0, 1.0});
    if (found == replay.variations.end()) continue;
    const stats::PolicyValue& value = found->estimate.snips;
    const double mean = std::clamp(value.value, 0.0, 1.0);
    const double variance = value.standard_error * value.standard_error;
    const double rounds = variance > 0.0 ? std::min(mean * (1.0 - mean) / variance, strength) : 0.0;
    const auto rounded = [](double amount) { return std::round(amount * 100.0) / 100.0; };
    priors.back() = {rounded(1.0 + mean * rounds), rounded(1.0 + (1.0 - mean) * rounds)};
  }
  return priors;
}

}  // namespace vitrine::replay
