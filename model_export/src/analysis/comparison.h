#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "analysis/analysis_config.h"
#include "vitrine/stats/bayes.h"
#include "vitrine/stats/effect.h"
#include "vitrine/stats/frequentist.h"
#include "vitrine/stats/sequential.h"

namespace vitrine::analysis {

/// A treatment compared with the control in one metric. Except `absolute` and `exact`, all values
/// follow from one effect, the relative lift, so that they never contradict each other.
struct Comparison {
  stats::ComparisonProblem problem =
      stats::ComparisonProblem::kNone;  // not kNone: nothing below holds
  stats::Effect lift;                   // adjusted by CUPED where that is asked for
  std::optional<stats::Cuped> cuped;
  stats::TTest test;
  bool settled = false;  // enough units for `always`; before that its p is 1
  stats::AlwaysValid always;
  stats::Posterior posterior;
  stats::Effect absolute;  // without CUPED
  stats::Interval absolute_interval;
  std::optional<stats::BetaBinomial> exact;  // of a conversion
  double verdict_p = 1.0;  // of `always` or of `test`, as the configuration asks for

  /// Of the lift, valid at any look. Precondition: settled.
  [[nodiscard]] stats::Interval always_valid_interval() const {
    return {lift.estimate - always.halfwidth, lift.estimate + always.halfwidth};
  }
};

/// Compares two arms of `metric`. With `exactly` it also computes the beta-binomial posterior of a
/// conversion.
[[nodiscard]] Comparison compare(const stats::Moments& control, const stats::Moments& treatment,
                                 const MetricDefinition& metric, const AnalysisConfig& config,
                                 bool exactly = false);

/// Returns a text that says why two arms cannot be compared, and what to do.
[[nodiscard]] std::string problem_words(stats::ComparisonProblem problem);

/// As a part of AnalysisResult.
void to_json(nlohmann::json& out, const Comparison& comparison);

}  // namespace vitrine::analysis
