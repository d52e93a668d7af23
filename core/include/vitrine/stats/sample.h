#pragma once

#include <span>

namespace vitrine::stats {

/// The summary of one arm for the tests: number of units, mean, and variance of one unit.
struct Sample {
  double n = 0.0;
  double mean = 0.0;
  double variance = 0.0;

  /// Returns the variance of the mean.
  [[nodiscard]] double mean_variance() const { return variance / n; }
};

/// Makes a sample of `successes` out of `n` units, with variance p (1 - p).
[[nodiscard]] Sample proportion(double successes, double n);

/// Makes a sample from sums over `n` units; the variance uses n - 1. It loses digits when the mean
/// is large relative to the standard deviation; Moments does not.
[[nodiscard]] Sample from_sums(double sum, double sum_of_squares, double n);

/// Mean, variance and covariance of two values of each unit, added one unit at a time (Welford
/// 1962; Chan, Golub and LeVeque 1983). The second value may stay 0.
class Moments {
 public:
  void add(double y, double x = 0.0);
  /// Adds the units of `other`.
  void add(const Moments& other);
  /// Adds `zeros` units with y = x = 0.
  void add_zeros(double zeros);

  [[nodiscard]] double n() const { return n_; }
  [[nodiscard]] double mean_y() const { return mean_y_; }
  [[nodiscard]] double mean_x() const { return mean_x_; }
  /// The variance uses n - 1; it is 0 for fewer than two units.
  [[nodiscard]] double variance_y() const { return n_ > 1 ? yy_ / (n_ - 1) : 0.0; }
  [[nodiscard]] double variance_x() const { return n_ > 1 ? xx_ / (n_ - 1) : 0.0; }
  [[nodiscard]] double covariance() const { return n_ > 1 ? xy_ / (n_ - 1) : 0.0; }
  [[nodiscard]] Sample y() const { return {n_, mean_y_, variance_y()}; }

 private:
  double n_ = 0.0;
  double mean_y_ = 0.0;
  double mean_x_ = 0.0;
  double yy_ = 0.0;
  double xx_ = 0.0;
  double xy_ = 0.0;
};

/// Returns mean and variance of `values`.
[[nodiscard]] Sample sample_of(std::span<const double> values);

/// Returns the ratio of sums, sum(y) / sum(x), as a Sample of the units of randomization: its mean
/// is the ratio, its variance comes from the delta method (Deng, Knoblich and Lu 2018, "Applying
/// the Delta Method in Metric Analytics", eq. 4). Precondition: mean_x() is not 0.
[[nodiscard]] Sample ratio(const Moments& arm);

}  // namespace vitrine::stats
