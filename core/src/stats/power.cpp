#include "vitrine/stats/power.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vitrine/stats/distributions.h"
#include "vitrine/stats/effect.h"
#include "vitrine/stats/sequential.h"

namespace vitrine::stats {
namespace {

/// Returns the least x in (low, high) with test(x). The test must hold for all larger x. Returns
/// infinity when it does not hold at `high`. Bisects by the logarithm, down to a relative error of
/// 1e-12.
template <typename Test>
double least(double low, double high, const Test& test) {
  if (!test(high)) return std::numeric_limits<double>::infinity();
  while (high / low > 1.0 + 1e-12) {
    const double middle = std::sqrt(low * high);
    if (middle <= low || middle >= high) break;
    (test(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

double power(const PlanInput& input, double lift, double control, double treatment) {
  const Sample a{control, input.mean, input.variance};
  const Sample b{treatment, input.mean + lift * std::fabs(input.mean), input.variance};
  const Effect effect = effect_of(a, b, Scale::kRelative);
  const double se = std::sqrt(effect.variance);
  const double reach = input.tuning > 0.0
                           ? confidence_sequence(effect, input.tuning, input.alpha).halfwidth / se
                           : normal_quantile(1.0 - input.alpha / 2.0);
  const double z = effect.estimate / se;
  return normal_cdf(z - reach) + normal_cdf(-z - reach);
}

double units_per_arm(const PlanInput& input, double lift) {
  return least(2.0, 1e15, [&](double n) { return power(input, lift, n, n) >= input.power; });
}

double smallest_lift(const PlanInput& input, double control, double treatment) {
  return least(1e-9, 1e6,
               [&](double lift) { return power(input, lift, control, treatment) >= input.power; });
}

double units_for_rates(double p, double delta, double alpha, double power) {
  p = std::min(p, 1.0 - p);
  const double none = 2.0 * p * (1.0 - p);
  const double some = p * (1.0 - p) + (p + delta) * (1.0 - p - delta);
  const double reach = normal_quantile(1.0 - alpha / 2.0) * std::sqrt(none) +
                       normal_quantile(power) * std::sqrt(some);
  return reach * reach / (delta * delta);
}

}  // namespace vitrine::stats
