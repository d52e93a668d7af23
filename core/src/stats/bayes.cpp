#include "vitrine/stats/bayes.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "vitrine/heap_sort.h"
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

constexpr std::size_t kPoints = 30;

/// Gauss and Legendre's rule of kPoints on [-1, 1]: place and weight. The places are the zeros of a
/// Legendre polynomial, from 1 downwards by Newton's method of the polynomial without those found
/// before (Maehly 1954).
std::array<std::array<double, 2>, kPoints> gauss_rule() {
  std::array<std::array<double, 2>, kPoints> rule;
  double x = 1.0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    double slope = 1.0;
    for (double move = 1.0; std::fabs(move) > 1e-15;) {
      double value = 1.0;
      double before = 0.0;
      // NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter): whole numbers
      for (double n = 1.0; n <= kPoints; n += 1.0) {
        const double next = ((2.0 * n - 1.0) * x * value - (n - 1.0) * before) / n;
        before = value;
        value = next;
      }
      slope =
          x == 1.0 ? kPoints * (kPoints + 1) / 2.0 : kPoints * (x * value - before) / (x * x - 1.0);
      double without = slope;
      for (std::size_t k = 0; k < i; ++k) without -= value / (x - rule[k][0]);
      move = value / without;
      x -= move;
    }
    rule[i] = {x, 2.0 / ((1.0 - x * x) * slope * slope)};
    x -= 1e-3;  // between this zero and the next one
  }
  return rule;
}

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
  heap_sort(cuts);
  static const auto rule = gauss_rule();
  double sum = 0.0;
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    if (cuts[i] <= cuts[i - 1]) continue;
    const double half = (cuts[i] - cuts[i - 1]) / 2.0;
    for (const auto& [x, weight] : rule)
      sum += half * weight * function(cuts[i - 1] + half * (1.0 + x));
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
