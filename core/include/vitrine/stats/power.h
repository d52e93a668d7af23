#pragma once

#include "vitrine/stats/sample.h"

namespace vitrine::stats {

/// The data of a metric before an experiment, and the required certainty.
struct PlanInput {
  double mean = 0.0;      // of the control
  double variance = 0.0;  // of one unit, in both arms
  double alpha = 0.05;    // two-sided
  double power = 0.8;
  /// The tuning of the always-valid test, in units of both arms; 0 means one look at the end.
  double tuning = 0.0;
};

/// Returns the probability of detecting a relative lift of `lift` with `control` and `treatment`
/// units, by the normal approximation. For the always-valid test it is the probability at the last
/// look, where the confidence sequence is z_seq standard errors wide: Phi(lift / se - z_seq).
/// Earlier looks can only increase it.
[[nodiscard]] double power(const PlanInput& input, double lift, double control, double treatment);

/// Returns the number of units of each arm that detects `lift` with the given power; infinity when
/// no number below 1e15 is enough.
[[nodiscard]] double units_per_arm(const PlanInput& input, double lift);

/// Returns the smallest positive relative lift that is detected with the given power; infinity when
/// none below 1e6 is.
[[nodiscard]] double smallest_lift(const PlanInput& input, double control, double treatment);

/// Returns the units of each arm that detect a change of a rate `p` by `delta`, with the variances
/// of both hypotheses (Fleiss, Levin and Paik 2003, eq. 4.14 without correction). As in Evan
/// Miller's calculator, a rate above one half is replaced by its complement.
[[nodiscard]] double units_for_rates(double p, double delta, double alpha, double power);

}  // namespace vitrine::stats
