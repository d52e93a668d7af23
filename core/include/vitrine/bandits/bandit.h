#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace vitrine::bandits {

/// Of one variation: rounds with a reward and without; as a prior, the two shapes of a Beta
/// distribution of the rate of rewards.
using BanditCounts = std::array<double, 2>;

/// How a slot learns in the page which variation to show. The npm package has the same.
struct Bandit {
  bool thompson = true;              // false: epsilon-greedy
  std::vector<BanditCounts> priors;  // empty: {1, 1} each
  double epsilon = 0.1;              // share of rounds that are left to even chance
  double hours = 24.0;               // that a round lasts from its exposure
};

/// Probability that each of several independent Beta distributions has the largest value, absolute
/// error below 1e-13: the integral of its density times the others' distribution functions, over
/// the logit, by Gauss and Legendre's rule on pieces that are short where a density changes.
/// Shapes of at least 0.01.
[[nodiscard]] std::vector<double> chances_to_be_best(std::span<const BanditCounts> shapes);

/// Probability with which each variation is shown in the next round: Thompson's (1933) is its
/// chance to be the best. One entry for each of `outcomes`, what the unit has seen so far.
[[nodiscard]] std::vector<double> bandit_propensities(const Bandit& bandit,
                                                      std::span<const BanditCounts> outcomes);

/// Where a unit's round falls in [0, 1), in steps of 2^-32. `seed`: the experiment's.
[[nodiscard]] double bandit_place(std::u16string_view seed, std::u16string_view unit,
                                  std::uint64_t round);

/// The variation at `place` in [0, 1) of the propensities put end to end.
[[nodiscard]] std::size_t variation_at(std::span<const double> propensities, double place);

}  // namespace vitrine::bandits
