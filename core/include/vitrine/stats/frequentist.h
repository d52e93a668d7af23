#pragma once

#include "vitrine/stats/effect.h"

namespace vitrine::stats {

struct Interval {
  double low = 0.0;
  double high = 0.0;
};

/// A test of "no effect", and the interval that agrees with it.
struct TTest {
  double t = 0.0;
  double p = 0.0;          // two-sided
  double p_greater = 0.0;  // against an effect of 0 or less
  double p_less = 0.0;
  Interval interval;         // 1 - alpha, two-sided
  double lower_bound = 0.0;  // 1 - alpha, one-sided
};

/// Computes Welch's t test (1947) of an effect, with its degrees of freedom.
[[nodiscard]] TTest welch(const Effect& effect, double alpha);

/// The z test of two proportions. The verdict of an analysis uses p_unpooled, which agrees with the
/// interval. p_pooled is that of the chi-squared test, and may disagree.
struct TwoProportions {
  double difference = 0.0;
  double z_pooled = 0.0;
  double p_pooled = 0.0;
  double z_unpooled = 0.0;
  double p_unpooled = 0.0;
  Interval interval;  // unpooled
};
[[nodiscard]] TwoProportions two_proportions(double x1, double n1, double x2, double n2,
                                             double alpha);

}  // namespace vitrine::stats
