#pragma once

#include "vitrine/stats/sample.h"

namespace vitrine::stats {

/// What is known of a metric before an experiment, and how sure one wants to be.
struct PlanInput {
  double mean = 0.0;      // of the control
  double variance = 0.0;  // of one unit, in both arms
  double alpha = 0.05;    // two-sided
  double power = 0.8;
  /// Of both arms, for a test that is looked at all the time; 0: one look, at the end.
  double tuning = 0.0;
};

/// Chance to see a relative lift of `lift` with `control` and `treatment` units, by the normal
/// approximation. For a test that is looked at all the time it is the chance at the last look,
/// where the confidence sequence is z_seq standard errors wide: Phi(lift / se - z_seq). An earlier
/// look can only add to it.
[[nodiscard]] double power(const PlanInput& input, double lift, double control, double treatment);

/// Units of each arm to see `lift` with the asked power; infinity when no number is enough below
/// 1e15.
[[nodiscard]] double units_per_arm(const PlanInput& input, double lift);

/// The smallest positive relative lift that is seen with the asked power; infinity when none below
/// 1e6 is.
[[nodiscard]] double smallest_lift(const PlanInput& input, double control, double treatment);

/// Units of each arm to see a rate `p` change by `delta`, with the variances of either hypothesis
/// (Fleiss, Levin and Paik 2003, eq. 4.14 without correction). As in
/// Evan Miller's calculator a rate above one half is taken as its complement.
[[nodiscard]] double units_for_rates(double p, double delta, double alpha, double power);

}  // namespace vitrine::stats
