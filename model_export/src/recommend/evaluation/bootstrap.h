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

/// What each session adds to some means: how many predictions, and the sums of some values over
/// them.
class SessionSums {
 public:
  explicit SessionSums(std::size_t columns) : columns_(columns) {}

  /// Adds one prediction. Precondition: `session` never falls from call to call, and `values` has
  /// one number a column.
  void add(std::uint32_t session, std::span<const double> values);

  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t predictions() const { return predictions_; }
  /// Sums over sessions, each taken as often as `weights` says: the number of predictions, then one
  /// number a column. An empty `weights` takes each once.
  void total(std::span<const std::uint16_t> weights, std::span<double> out) const;

 private:
  std::size_t columns_;
  std::size_t predictions_ = 0;
  std::vector<std::uint32_t> sessions_;
  std::vector<double> sums_;  // by session: predictions, then the columns
};

/// For each group the mean of each column, with a percentile interval from 200 samples of sessions
/// drawn with replacement (Efron and Tibshirani, An Introduction to the Bootstrap, 1993): sessions,
/// since predictions of one session hang together. All groups see the same samples. The same
/// numbers at any number of threads. `sessions`: one more than the largest session number.
[[nodiscard]] std::vector<std::vector<Estimate>> bootstrap(std::span<const SessionSums> groups,
                                                           std::size_t sessions, unsigned threads);

/// Writes NAME and NAME_interval.
void put(nlohmann::json& json, const std::string& name, const Estimate& estimate);

}  // namespace vitrine::recommend
