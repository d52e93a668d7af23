#pragma once

namespace vitrine::stats {

/// Distribution functions in double: relative error below 1e-12, also in the tails that come out
/// small. Written out, since Boost.Math takes 25 KB of wasm and computes in long double, which wasm
/// has to emulate; the tests compare with it. O(sqrt(parameter)) at most.

/// P(Z <= z) and P(Z > z) of the standard normal distribution.
[[nodiscard]] double normal_cdf(double z);
[[nodiscard]] double normal_sf(double z);
[[nodiscard]] double normal_density(double z);
/// Returns z with P(Z <= z) = p, for 0 < p < 1.
[[nodiscard]] double normal_quantile(double p);

/// P(T <= t) of Student's t with `df` >= 0.5 degrees of freedom, which need not be a whole number.
[[nodiscard]] double student_cdf(double t, double df);
[[nodiscard]] double student_sf(double t, double df);
[[nodiscard]] double student_quantile(double p, double df);

/// P(X > x) of chi-squared with `df` >= 0.5 degrees of freedom, x >= 0.
[[nodiscard]] double chi_squared_sf(double x, double df);

/// P(X <= x) of Beta(a, b), a and b at least 0.25, a regularized incomplete beta function; P(X >
/// x); the density.
[[nodiscard]] double beta_cdf(double a, double b, double x);
[[nodiscard]] double beta_sf(double a, double b, double x);
[[nodiscard]] double beta_density(double a, double b, double x);

}  // namespace vitrine::stats
