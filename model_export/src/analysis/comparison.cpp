#include "analysis/comparison.h"

#include <cmath>

#include "vitrine/stats/distributions.h"

namespace vitrine::analysis {

using nlohmann::json;
using stats::ComparisonProblem;
using stats::Moments;
using stats::Scale;

Comparison compare(const Moments& control, const Moments& treatment, const MetricDefinition& metric,
                   const AnalysisConfig& config, bool exactly) {
  const bool is_ratio = metric.kind == MetricKind::kRatio;
  Comparison result;
  if (is_ratio && (control.mean_x() == 0.0 || treatment.mean_x() == 0.0)) {
    result.problem = control.n() > 0.0 && treatment.n() > 0.0 ? ComparisonProblem::kZeroControl
                                                              : ComparisonProblem::kEmptyArm;
    return result;
  }
  const stats::Sample a = is_ratio ? stats::ratio(control) : control.y();
  const stats::Sample b = is_ratio ? stats::ratio(treatment) : treatment.y();
  result.problem = stats::comparison_problem(a, b, Scale::kRelative);
  if (result.problem != ComparisonProblem::kNone) return result;
  result.lift = stats::effect_of(a, b, Scale::kRelative);
  if (config.cuped_days > 0.0 && !is_ratio) {
    result.cuped = stats::cuped(control, treatment, Scale::kRelative);
    result.lift = result.cuped->effect;
  }
  result.test = stats::welch(result.lift, config.alpha);
  if (stats::is_settled(a, b)) {
    result.always = stats::confidence_sequence(result.lift, config.tuning, config.alpha);
  }
  result.verdict_p = config.any_looks ? result.always_valid_p() : result.test.p;
  result.posterior = stats::gaussian_posterior(result.lift, config.prior, config.alpha);
  result.absolute = stats::effect_of(a, b, Scale::kAbsolute);
  result.absolute_interval = stats::welch(result.absolute, config.alpha).interval;
  if (exactly && metric.kind == MetricKind::kConversion) {
    result.exact =
        stats::beta_binomial(std::round(a.mean * a.n), a.n, std::round(b.mean * b.n), b.n);
  }
  return result;
}

std::string problem_words(ComparisonProblem problem) {
  switch (problem) {
    case ComparisonProblem::kNone:
      return "";
    case ComparisonProblem::kEmptyArm:
      return "one arm has no units; check that its exposures are logged under this name";
    case ComparisonProblem::kTooFewUnits:
      return "one arm has fewer than two units; wait for more";
    case ComparisonProblem::kZeroVariance:
      return "all units of an arm have the same value, so chance cannot be estimated; check that "
             "the metric's events are in the log";
    case ComparisonProblem::kZeroControl:
      return "the control's mean is 0, so there is no relative lift; check that the metric's "
             "events are in the log";
  }
  return "";
}

void to_json(json& out, const Comparison& comparison) {
  if (comparison.problem != ComparisonProblem::kNone) {
    out = {{"problem", problem_words(comparison.problem)}};
    return;
  }
  const auto& lift = comparison.lift;
  const auto always = comparison.always_valid_interval();
  const auto& posterior = comparison.posterior;
  out = {{"lift", lift.estimate},
         {"standard_error", std::sqrt(lift.variance)},
         {"interval", {comparison.test.interval.low, comparison.test.interval.high}},
         {"p", comparison.test.p},
         {"always_valid",
          {{"interval", always ? json{always->low, always->high} : json()},
           {"p", comparison.always_valid_p()}}},
         {"verdict_p", comparison.verdict_p},
         {"bayes",
          {{"interval", {posterior.interval.low, posterior.interval.high}},
           {"chance_to_win", posterior.chance_to_win},
           {"loss_of_treatment", posterior.loss_of_treatment},
           {"loss_of_control", posterior.loss_of_control}}},
         {"difference", comparison.absolute.estimate},
         {"difference_interval",
          {comparison.absolute_interval.low, comparison.absolute_interval.high}}};
  if (const auto& cuped = comparison.cuped) {
    out.push_back(
        {"cuped", {{"theta", cuped->theta}, {"variance_reduction", cuped->variance_reduction}}});
  }
  if (const auto& exact = comparison.exact) {
    out.push_back({"beta_binomial",
                   {{"chance_to_win", exact->chance_to_win},
                    {"loss_of_treatment", exact->loss_of_treatment},
                    {"loss_of_control", exact->loss_of_control}}});
  }
}

}  // namespace vitrine::analysis
