#pragma once

#include <optional>
#include <string>

#include "vitrine/stats/effect.h"
#include "vitrine/stats/frequentist.h"

namespace vitrine::insights {

struct ComparisonOptions {
  bool relative = true;  // the effect is divided by |mean of the control|
  double alpha = 0.05;
  double tuning = 5000.0;  // units in both arms where the confidence sequence is narrowest
  std::optional<double> prior_mean;  // of the effect, with prior_sd; absent: a flat prior
  std::optional<double> prior_sd;
};

/// Two arms of an experiment, by each of the tests that `vitrine experiment analyze` prints.
struct ArmComparison {
  std::string problem;  // why they cannot be compared, and nothing below holds; empty: they can
  double estimate = 0.0;
  double standard_error = 0.0;
  double df = 0.0;  // degrees of freedom, Welch and Satterthwaite
  double t = 0.0;
  double p = 0.0;  // two-sided
  stats::Interval interval;
  bool settled = false;             // enough units for the next two
  double always_p = 1.0;            // valid at any look
  stats::Interval always_interval;  // valid at any look
  double posterior_mean = 0.0;
  double posterior_sd = 0.0;
  stats::Interval posterior_interval;
  double chance_to_win = 0.0;
  double loss_of_control = 0.0;    // expected loss of choosing the control
  double loss_of_treatment = 0.0;  // and of choosing the treatment
};

[[nodiscard]] ArmComparison compare_arms(const stats::Sample& control,
                                         const stats::Sample& treatment,
                                         const ComparisonOptions& options);

}  // namespace vitrine::insights
