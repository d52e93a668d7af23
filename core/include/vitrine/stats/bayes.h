#pragma once

#include <optional>

#include "vitrine/stats/effect.h"
#include "vitrine/stats/frequentist.h"

namespace vitrine::stats {

/// What a decision needs of a posterior.
struct Posterior {
  double mean = 0.0;
  double sd = 0.0;
  Interval interval;               // 1 - alpha, equal tails
  double chance_to_win = 0.0;      // probability that the effect is above 0
  double loss_of_control = 0.0;    // expected loss of choosing the control: E[max(effect, 0)]
  double loss_of_treatment = 0.0;  // E[max(-effect, 0)]
};

/// N(mean, sd^2) of the effect before the data.
struct GaussianPrior {
  double mean = 0.0;
  double sd = 1.0;
};

/// The effect as normal, with a flat prior where none is given.
[[nodiscard]] Posterior gaussian_posterior(const Effect& effect,
                                           const std::optional<GaussianPrior>& prior, double alpha);

/// Chance that the second proportion is larger, and what choosing it loses when it is not, with
/// Beta(prior_a, prior_b) before the data. Exact up to
/// quadrature: relative error below 1e-10 where prior and data make shapes of at least 1.
struct BetaBinomial {
  double chance_to_win = 0.0;
  double loss_of_control = 0.0;
  double loss_of_treatment = 0.0;
};
[[nodiscard]] BetaBinomial beta_binomial(double x1, double n1, double x2, double n2,
                                         double prior_a = 1.0, double prior_b = 1.0);

}  // namespace vitrine::stats
