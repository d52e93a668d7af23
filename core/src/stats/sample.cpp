#include "vitrine/stats/sample.h"

#include <algorithm>

namespace vitrine::stats {

Sample proportion(double successes, double n) {
  const double p = successes / n;
  return {n, p, p * (1.0 - p)};
}

Sample from_sums(double sum, double sum_of_squares, double n) {
  return {n, sum / n, std::max((sum_of_squares - sum * sum / n) / (n - 1.0), 0.0)};
}

void Moments::add(double y, double x) {
  n_ += 1.0;
  const double from_y = y - mean_y_;
  const double from_x = x - mean_x_;
  mean_y_ += from_y / n_;
  mean_x_ += from_x / n_;
  yy_ += from_y * (y - mean_y_);
  xx_ += from_x * (x - mean_x_);
  xy_ += from_y * (x - mean_x_);
}

void Moments::add(const Moments& other) {
  if (other.n_ == 0.0) return;
  const double n = n_ + other.n_;
  const double dy = other.mean_y_ - mean_y_;
  const double dx = other.mean_x_ - mean_x_;
  const double share = n_ * other.n_ / n;
  yy_ += other.yy_ + dy * dy * share;
  xx_ += other.xx_ + dx * dx * share;
  xy_ += other.xy_ + dy * dx * share;
  mean_y_ += dy * other.n_ / n;
  mean_x_ += dx * other.n_ / n;
  n_ = n;
}

void Moments::add_zeros(double zeros) {
  Moments other;
  other.n_ = zeros;
  add(other);
}

Sample sample_of(std::span<const double> values) {
  Moments moments;
  for (const double value : values) moments.add(value);
  return moments.y();
}

Sample ratio(const Moments& arm) {
  const double r = arm.mean_y() / arm.mean_x();
  const double spread = arm.variance_y() - 2.0 * r * arm.covariance() + r * r * arm.variance_x();
  return {arm.n(), r, std::max(spread, 0.0) / (arm.mean_x() * arm.mean_x())};
}

}  // namespace vitrine::stats
