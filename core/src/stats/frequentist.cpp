#include "vitrine/stats/frequentist.h"

#include <cmath>

#include "vitrine/stats/distributions.h"

namespace vitrine::stats {

TTest welch(const Effect& effect, double alpha) {
  const double se = std::sqrt(effect.variance);
  const double t = effect.estimate / se;
  const double reach = student_quantile(1.0 - alpha / 2.0, effect.df) * se;
  return {.t = t,
          .p = 2.0 * student_cdf(-std::fabs(t), effect.df),
          .p_greater = student_sf(t, effect.df),
          .p_less = student_cdf(t, effect.df),
          .interval = {effect.estimate - reach, effect.estimate + reach},
          .lower_bound = effect.estimate - student_quantile(1.0 - alpha, effect.df) * se};
}

TwoProportions two_proportions(double x1, double n1, double x2, double n2, double alpha) {
  const double p1 = x1 / n1;
  const double p2 = x2 / n2;
  const double pooled = (x1 + x2) / (n1 + n2);
  const double pooled_se = std::sqrt(pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2));
  const double se = std::sqrt(p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2);
  const double reach = normal_quantile(1.0 - alpha / 2.0) * se;
  TwoProportions test{.difference = p2 - p1};
  test.z_pooled = test.difference / pooled_se;
  test.p_pooled = 2.0 * normal_sf(std::fabs(test.z_pooled));
  test.z_unpooled = test.difference / se;
  test.p_unpooled = 2.0 * normal_sf(std::fabs(test.z_unpooled));
  test.interval = {test.difference - reach, test.difference + reach};
  return test;
}

}  // namespace vitrine::stats
