#pragma once

#include "vitrine/stats/effect.h"

namespace vitrine::stats {

/// A test that is valid at any time, however often it is looked at.
struct AlwaysValid {
  double p = 1.0;          // at this look; the smallest p of all looks so far is valid too
  double halfwidth = 0.0;  // of the interval around the estimate
};

/// Returns the scale of a confidence sequence that is narrowest near `units` units in both arms.
[[nodiscard]] double mixture_scale(double units, double alpha);

/// Returns true when the means of both arms are known well enough for a relative effect to be
/// nearly normal: their standard errors are at most a fifth of the mean, as with 25 conversions.
/// `vitrine experiment lab` shows that looks from then on keep their level.
[[nodiscard]] bool is_settled(const Sample& control, const Sample& treatment);

/// Computes the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas
/// (2024, "Time-uniform central limit theory", theorem 2.2 and eq. 155), over the units of both
/// arms. It is valid asymptotically: use a look only when `is_settled`.
[[nodiscard]] AlwaysValid confidence_sequence(const Effect& effect, double tuning, double alpha);

/// The mixture sequential probability ratio test for two normal arms of n units each, variance
/// `sigma2` each, effects drawn from N(0, tau2) (Johari, Koomen, Pekelis and Walsh 2022, eq. 11).
struct MixtureTest {
  double log_likelihood_ratio = 0.0;
  AlwaysValid test;
};
[[nodiscard]] MixtureTest mixture_test(double n, double sigma2, double tau2, double difference,
                                       double alpha);

}  // namespace vitrine::stats
