#include "vitrine/stats/distributions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace vitrine::stats {
namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kMostTerms = 100'000;

/// log(n!) less Stirling's formula for it, n >= 0.25 or so: Loader (2000), "Fast and Accurate
/// Computation of Binomial Probabilities". Below 16 by recurrence.
double stirling_error(double n) {
  double sum = 0.0;
  // NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter): whole numbers
  for (; n < 16.0; n += 1.0) sum += (n + 0.5) * std::log1p(1.0 / n) - 1.0;
  const double square = n * n;
  const double series = 1.0 / 1188.0 - 691.0 / 360360.0 / square;
  return sum + (1.0 / 12.0 - (1.0 / 360.0 -
                              (1.0 / 1260.0 - (1.0 / 1680.0 - series / square) / square) / square) /
                                 square) /
                   n;
}

/// x log(x / m) + m - x without cancellation where x is near m (Loader's "deviance").
double deviance(double x, double m) {
  const double difference = x - m;
  if (std::fabs(difference) >= 0.1 * (x + m)) return x * std::log(x / m) + m - x;
  const double v = difference / (x + m);
  double sum = difference * v;
  double term = 2.0 * x * v;
  // NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter): whole numbers
  for (double i = 3.0; i < kMostTerms; i += 2.0) {
    term *= v * v;
    const double next = sum + term / i;
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

/// A continued fraction b0 + a1 / (b1 + a2 / (b2 + ...)) by Lentz's method as Thompson and Barnett
/// (1986) changed it. `next(i, a, b)` gives the i-th pair, from 1.
template <typename Next>
double continued_fraction(double b0, const Next& next) {
  const auto not_zero = [](double x) { return std::fabs(x) < 1e-300 ? 1e-300 : x; };
  double value = not_zero(b0);
  double c = value;
  double d = 0.0;
  // NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter): whole numbers
  for (double i = 1.0; i < kMostTerms; i += 1.0) {
    double a = 0.0;
    double b = 0.0;
    next(i, a, b);
    d = 1.0 / not_zero(b + a * d);
    c = not_zero(b + a / c);
    value *= c * d;
    if (std::fabs(c * d - 1.0) <= kEpsilon) break;
  }
  return value;
}

/// x^a y^b / B(a, b), y = 1 - x.
double beta_power(double a, double b, double x, double y) {
  const double n = a + b;
  return std::sqrt(a / n * b / (2.0 * std::numbers::pi)) *
         std::exp(stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) -
                  deviance(b, n * y));
}

/// P(X <= x) of Beta(a, b), y = 1 - x, where x lies below the mean or not far above it: the
/// continued fraction of DiDonato and Morris (1992, "Algorithm 708", BFRAC), which subtracts
/// nothing from 1.
double beta_lower(double a, double b, double x, double y) {
  const double offset = a * y - b * x + 1.0;
  const double fraction =
      continued_fraction(a * offset / (a + 1.0), [&](double m, double& over, double& under) {
        const double before = a + 2.0 * m - 1.0;
        over = (a + m - 1.0) / before * (a + b + m - 1.0) / before * m * (b - m) * x * x;
        under =
            m + m * (b - m) * x / before + (a + m) * (offset + m * (1.0 + y)) / (a + 2.0 * m + 1.0);
      });
  return beta_power(a, b, x, y) / fraction;
}

/// The same for all x, of which y is what is left of 1.
double beta_probability(double a, double b, double x, double y) {
  if (!(x > 0.0)) return x == 0.0 ? 0.0 : std::numeric_limits<double>::quiet_NaN();
  if (!(y > 0.0)) return 1.0;
  return x < (a + 1.0) / (a + b + 2.0) ? beta_lower(a, b, x, y) : 1.0 - beta_lower(b, a, y, x);
}

/// The point above which `tail` lies, 0 < tail < 0.5, of a distribution that is the same on both
/// sides of 0, by Newton's method from `x`. Far out on logarithms of both, on which the tail is
/// nearly a line or a parabola; near the middle by the probability of (0, x), which is known to
/// more digits there.
template <typename Upper, typename Middle, typename Density>
double point_above(double tail, double x, const Upper& upper, const Middle& middle,
                   const Density& density) {
  for (int step = 0; step < 100; ++step) {
    double next = x;
    if (tail < 0.1) {
      const double above = upper(x);
      next *= std::exp(above / (density(x) * x) * std::log(above / tail));
    } else {
      next -= (middle(x) - (0.5 - tail)) / density(x);
    }
    const bool done = std::fabs(next - x) <= 4.0 * kEpsilon * x;
    x = next;
    if (done) break;
  }
  return x;
}

/// The quantile of such a distribution; `above(tail)` is its point_above.
template <typename Above>
double quantile(double p, const Above& above) {
  const double tail = std::min(p, 1.0 - p);
  if (tail == 0.5) return 0.0;
  if (!(tail >= 0.0)) return std::numeric_limits<double>::quiet_NaN();
  const double point = tail == 0.0 ? std::numeric_limits<double>::infinity() : above(tail);
  return p < 0.5 ? -point : point;
}

/// By the density of the Beta distribution of t^2 / (df + t^2). t > 0.
double student_density(double t, double df) {
  const double squared = t * t;
  const double sum = df + squared;
  return beta_power(0.5, df / 2.0, squared / sum, df / sum) / t;
}

}  // namespace

double normal_cdf(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2.0; }

double normal_sf(double z) { return normal_cdf(-z); }

double normal_density(double z) {
  return std::exp(-z * z / 2.0) / std::sqrt(2.0 * std::numbers::pi);
}

double normal_quantile(double p) {
  return quantile(p, [](double tail) {
    // Within 4.5e-4: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
    const double t = std::sqrt(-2.0 * std::log(tail));
    const double start = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                                 (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    return point_above(
        tail, start, normal_sf, [](double x) { return std::erf(x / std::numbers::sqrt2) / 2.0; },
        normal_density);
  });
}

double student_cdf(double t, double df) {
  const double squared = t * t;
  const double sum = df + squared;
  const double half = beta_probability(df / 2.0, 0.5, df / sum, squared / sum) / 2.0;
  return t > 0.0 ? 1.0 - half : half;
}

double student_sf(double t, double df) { return student_cdf(-t, df); }

double student_quantile(double p, double df) {
  return quantile(p, [df](double tail) {
    return point_above(
        tail, -normal_quantile(tail), [df](double x) { return student_sf(x, df); },
        [df](double x) {
          const double squared = x * x;
          const double sum = df + squared;
          return beta_probability(0.5, df / 2.0, squared / sum, df / sum) / 2.0;
        },
        [df](double x) { return student_density(x, df); });
  });
}

double chi_squared_sf(double x, double df) {
  const double a = df / 2.0;
  x /= 2.0;
  if (!(x > 0.0)) return x == 0.0 ? 1.0 : std::numeric_limits<double>::quiet_NaN();
  // x^a e^-x / Gamma(a)
  const double power =
      std::sqrt(a / (2.0 * std::numbers::pi)) * std::exp(-stirling_error(a) - deviance(a, x));
  if (x >= a + 1.0) {
    return power / continued_fraction(x + 1.0 - a, [&](double i, double& over, double& under) {
             over = i * (a - i);
             under = x + 1.0 - a + 2.0 * i;
           });
  }
  double sum = 1.0 / a;
  double term = sum;
  for (double i = 1.0; i < kMostTerms && term > kEpsilon / 4.0 * sum; i += 1.0) {
    term *= x / (a + i);
    sum += term;
  }
  return 1.0 - power * sum;
}

double beta_cdf(double a, double b, double x) { return beta_probability(a, b, x, 1.0 - x); }

double beta_sf(double a, double b, double x) { return beta_probability(b, a, 1.0 - x, x); }

double beta_density(double a, double b, double x) {
  const double y = 1.0 - x;
  return x > 0.0 && y > 0.0 ? beta_power(a, b, x, y) / (x * y) : 0.0;
}

}  // namespace vitrine::stats
