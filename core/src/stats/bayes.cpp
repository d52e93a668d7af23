#include "vitrine/stats/bayes.h"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <vector>

#include "vitrine/stats/distributions.h"

namespace vitrine::stats {
namespace {

/// Returns E[max(X, 0)] of N(z, 1).
double expected_gain(double z) {
  if (z > -5.0) return z * normal_cdf(z) + normal_density(z);
  // The two terms cancel. The asymptotic series of Mills' ratio gives their difference without
  // loss.
  const double square = 1.0 / (z * z);
  if (z < -50.0) return normal_density(z) * square * (1.0 - 3.0 * square);
  // Continued fraction of Mills' ratio m: gain = density * (1 - |z| m), computed from its tail.
  double tail = 0.0;
  for (int k = 200; k >= 2; --k) tail = k / (-z + tail);
  const double first = 1.0 / (-z + tail);
  return normal_density(z) * first / (-z + first);
}

struct BetaShape {
  double a;
  double b;
  [[nodiscard]] double mean() const { return a / (a + b); }
  [[nodiscard]] double sd() const {
    const double n = a + b;
    return std::sqrt(a * b / (n * n * (n + 1.0)));
  }
};

/// Integrates over [0, 1] a function that changes where the two distributions change:
/// Gauss-Legendre on pieces that are short there.
template <typename Function>
double integrate(const BetaShape& one, const BetaShape& two, const Function& function) {
  std::vector<double> cuts = {0.0, 1.0};
  for (const BetaShape& shape : {one, two}) {
    for (const double step : {0.0, 1.0, 2.0, 4.0, 6.0, 10.0, 16.0, 32.0}) {
      for (const double side : {-1.0, 1.0}) {
        const double at = shape.mean() + side * step * shape.sd();
        if (at > 0.0 && at < 1.0) cuts.push_back(at);
      }
    }
  }
  std::sort(cuts.begin(), cuts.end());
  double sum = 0.0;
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    if (cuts[i] <= cuts[i - 1]) continue;
    sum += boost::math::quadrature::gauss<double, 30>::integrate(function, cuts[i - 1], cuts[i]);
  }
  return sum;
}

}  // namespace

Posterior gaussian_posterior(const Effect& effect, const std::optional<GaussianPrior>& prior,
                             double alpha) {
  double precision = 1.0 / effect.variance;
  double mean = effect.estimate;
  if (prior) {
    const double before = 1.0 / (prior->sd * prior->sd);
    mean = (prior->mean * before + effect.estimate * precision) / (before + precision);
    precision += before;
  }
  const double sd = std::sqrt(1.0 / precision);
  const double reach = normal_quantile(1.0 - alpha / 2.0) * sd;
  return {.mean = mean,
          .sd = sd,
          .interval = {mean - reach, mean + reach},
          .chance_to_win = normal_cdf(mean / sd),
          .loss_of_control = sd * expected_gain(mean / sd),
          .loss_of_treatment = sd * expected_gain(-mean / sd)};
}

BetaBinomial beta_binomial(double x1, double n1, double x2, double n2, double prior_a,
                           double prior_b) {
  const BetaShape one{prior_a + x1, prior_b + n1 - x1};
  const BetaShape two{prior_a + x2, prior_b + n2 - x2};
  const auto below = [](const BetaShape& shape, double t) { return beta_cdf(shape.a, shape.b, t); };
  const auto above = [](const BetaShape& shape, double t) { return beta_sf(shape.a, shape.b, t); };
  // E[max(X - Y, 0)] is the integral of P(Y < t < X).
  return {.chance_to_win = integrate(
              one, two, [&](double t) { return beta_density(two.a, two.b, t) * below(one, t); }),
          .loss_of_control =
              integrate(one, two, [&](double t) { return below(one, t) * above(two, t); }),
          .loss_of_treatment =
              integrate(one, two, [&](double t) { return below(two, t) * above(one, t); })};
}

}  // namespace vitrine::stats
