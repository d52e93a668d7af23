#pragma once

#include <optional>

#include "vitrine/stats/effect.h"
#include "vitrine/stats/frequentist.h"

namespace vitrine::stats {

/// The values of a posterior that a decision needs.
struct Posterior {
  double mean = 0.0;
  double sd = 0.0;
  Interval interval;               // 1 - alpha, equal tails
  double chance_to_win = 0.0;      // probability that the effect is above 0
  double loss_of_control = 0.0;    // expected loss of choosing the control: E[max(effect, 0)]
  double loss_of_treatment = 0.0;  // E[max(-effect, 0)]
};

/// The normal distribution N(mean, sd^2) of the effect before the data.
struct GaussianPrior {
  double mean = 0.0;
  double sd = 1.0;
};

/// Returns the posterior of a normal effect; without a prior it uses a flat one.
[[nodiscard]] Posterior gaussian_posterior(const Effect& effect,
                                           const std::optional<GaussianPrior>& prior, double alpha);

/// The chance that the second proportion is larger, and the expected losses, with the prior
/// Beta(prior_a, prior_b). Exact up to quadrature: the relative error is below 1e-10 when prior and
/// data give shapes of at least 1.
struct BetaBinomial {
  double chance_to_win = 0.0;
  double loss_of_control = 0.0;
  double loss_of_treatment = 0.0;
};
[[nodiscard]] BetaBinomial beta_binomial(double x1, double n1, double x2, double n2,
                                         double prior_a = 1.0, double prior_b = 1.0);

}  // namespace vitrine::stats
