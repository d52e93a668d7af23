#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace vitrine::bandits {

/// Rounds of one variation with and without a reward; as a prior, the two shapes of a Beta
/// distribution of the reward rate.
using BanditCounts = std::array<double, 2>;

/// The settings of a bandit, which learns in the page which variation to show. The npm package has
/// the same fields.
struct Bandit {
  bool thompson = true;              // false: epsilon-greedy
  std::vector<BanditCounts> priors;  // empty: {1, 1} each
  double epsilon = 0.1;              // share of rounds in which all variations have the same chance
  double hours = 24.0;               // duration of a round from its exposure
};

/// Returns for each of several independent Beta distributions the probability that it has the
/// largest value, with an absolute error below 1e-13. This is the integral of its density times the
/// distribution functions of the others, over the logit, by the Gauss-Legendre rule on pieces that
/// are short where a density changes. Shapes must be at least 0.01.
[[nodiscard]] std::vector<double> chances_to_be_best(std::span<const BanditCounts> shapes);

/// Returns the probability of each variation in the next round; for Thompson sampling (1933) it is
/// the chance to be the best. `outcomes` has an entry for each variation: the results of the unit
/// so far.
[[nodiscard]] std::vector<double> bandit_propensities(const Bandit& bandit,
                                                      std::span<const BanditCounts> outcomes);

/// Hashes a unit's round to [0, 1), in steps of 2^-32. `seed` is that of the experiment.
[[nodiscard]] double bandit_place(std::u16string_view seed, std::u16string_view unit,
                                  std::uint64_t round);

/// Returns the variation at `place` in [0, 1), where each variation covers a part as long as its
/// propensity.
[[nodiscard]] std::size_t variation_at(std::span<const double> propensities, double place);

}  // namespace vitrine::bandits
