#pragma once

#include <cmath>

#include "vitrine/stats/off_policy.h"

namespace vitrine::laboratory {

/// The error of an estimator beside known true values.
struct ErrorSummary {
  double coverage = 0.0;  // how often its interval held the truth
  double bias = 0.0;
  double error = 0.0;  // root of the mean square
};

/// Adds up the estimates of one estimator beside known truths.
class EstimatorError {
 public:
  void add(const stats::PolicyValue& value, double truth) {
    const double error = value.value - truth;
    count_ += 1.0;
    covered_ += value.interval.low <= truth && truth <= value.interval.high ? 1.0 : 0.0;
    bias_ += error;
    squared_ += error * error;
  }
  /// Precondition: something was added.
  [[nodiscard]] ErrorSummary summary() const {
    return {.coverage = covered_ / count_,
            .bias = bias_ / count_,
            .error = std::sqrt(squared_ / count_)};
  }

 private:
  double count_ = 0.0;
  double covered_ = 0.0;
  double bias_ = 0.0;
  double squared_ = 0.0;
};

}  // namespace vitrine::laboratory
