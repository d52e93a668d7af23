#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

namespace vitrine::recommend {

/// A mean over predictions and its 95 % interval.
struct Estimate {
  double mean = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// For each session, the number of predictions and the sums of some values over them. Each value
/// has a column.
class SessionSums {
 public:
  explicit SessionSums(std::size_t columns) : columns_(columns) {}

  /// Adds one prediction. Precondition: `session` does not fall from call to call, and `values` has
  /// one number for each column.
  void add(std::uint32_t session, std::span<const double> values);

  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t predictions() const { return predictions_; }
  /// Writes sums over sessions to `out`: the number of predictions, then one number for each
  /// column. Each session counts as often as `weights` says; with empty `weights` each counts once.
  void total(std::span<const std::uint16_t> weights, std::span<double> out) const;

 private:
  std::size_t columns_;
  std::size_t predictions_ = 0;
  std::vector<std::uint32_t> sessions_;
  std::vector<double> sums_;  // for each session: predictions, then the columns
};

/// Returns for each group the mean of each column with a percentile interval from 200 bootstrap
/// samples (Efron and Tibshirani, An Introduction to the Bootstrap, 1993). Whole sessions are drawn
/// with replacement, because predictions of one session depend on each other. All groups use the
/// same samples. The result does not depend on the number of threads. `sessions` is one more than
/// the largest session number.
[[nodiscard]] std::vector<std::vector<Estimate>> bootstrap(std::span<const SessionSums> groups,
                                                           std::size_t sessions, unsigned threads);

/// Writes the mean as NAME and its interval as NAME_interval.
void put(nlohmann::json& json, const std::string& name, const Estimate& estimate);

}  // namespace vitrine::recommend
