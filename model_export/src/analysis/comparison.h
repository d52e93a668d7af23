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
  std::optional<stats::AlwaysValid> always;  // absent until stats::is_settled
  stats::Posterior posterior;
  stats::Effect absolute;  // without CUPED
  stats::Interval absolute_interval;
  std::optional<stats::BetaBinomial> exact;  // of a conversion
  double verdict_p = 1.0;  // of `always` or of `test`, as the configuration asks for

  /// The interval of the lift that is valid at any look. Absent until there are enough units.
  [[nodiscard]] std::optional<stats::Interval> always_valid_interval() const {
    if (!always) return std::nullopt;
    return stats::Interval{lift.estimate - always->halfwidth, lift.estimate + always->halfwidth};
  }
  /// The p-value that is valid at any look; 1 until there are enough units.
  [[nodiscard]] double always_valid_p() const { return always ? always->p : 1.0; }
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
