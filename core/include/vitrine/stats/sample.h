#pragma once

#include <span>

namespace vitrine::stats {

/// What the tests need of one arm: units, mean, and variance of one unit.
struct Sample {
  double n = 0.0;
  double mean = 0.0;
  double variance = 0.0;

  /// Variance of the mean.
  [[nodiscard]] double mean_variance() const { return variance / n; }
};

/// `successes` of `n` units; variance p (1 - p).
[[nodiscard]] Sample proportion(double successes, double n);

/// From sums over `n` units; variance with n - 1. Loses digits where the mean is large beside the
/// standard deviation; Moments does not.
[[nodiscard]] Sample from_sums(double sum, double sum_of_squares, double n);

/// Mean, variance and covariance of two values a unit, taken one unit at a time (Welford 1962;
/// Chan, Golub and LeVeque 1983). The second value may be left at 0.
class Moments {
 public:
  void add(double y, double x = 0.0);
  /// As if the units of `other` had been added.
  void add(const Moments& other);
  /// `zeros` further units with y = x = 0.
  void add_zeros(double zeros);

  [[nodiscard]] double n() const { return n_; }
  [[nodiscard]] double mean_y() const { return mean_y_; }
  [[nodiscard]] double mean_x() const { return mean_x_; }
  /// With n - 1; 0 below two units.
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

/// Mean and variance of `values`.
[[nodiscard]] Sample sample_of(std::span<const double> values);

/// The ratio of sums, sum(y) / sum(x), as a Sample of the units of randomization: its mean is the
/// ratio, its variance that of the delta method (Deng, Knoblich and Lu 2018, "Applying the Delta
/// Method in Metric Analytics", eq. 4). Precondition: mean_x() is not 0.
[[nodiscard]] Sample ratio(const Moments& arm);

}  // namespace vitrine::stats
