#include "analysis/analysis_result.h"

#include "base/json.h"
#include "data/time_column.h"

namespace vitrine::analysis {

using nlohmann::json;

// Not in an unnamed namespace: the library finds these by the namespace of their argument.

static json settings(const AnalysisConfig& config) {
  json prior;
  if (config.prior) prior = {{"mean", config.prior->mean}, {"sd", config.prior->sd}};
  return {{"alpha", config.alpha},
          {"adjust", words(config.adjustment)},
          {"looks", config.any_looks ? "any" : "once"},
          {"tuning", config.tuning},
          {"cuped_days", config.cuped_days},
          {"window_days", config.window_days},
          {"most_exposures", config.most_exposures},
          {"prior", std::move(prior)}};
}

static void to_json(json& out, const ArmUnits& arm) {
  out = {{"variation", arm.variation}, {"units", arm.units}, {"weight", arm.weight}};
}

static void to_json(json& out, const Verdict& verdict) {
  out = {{"variation", verdict.variation},
         {"verdict", words(verdict.kind)},
         {"message", verdict.message}};
}

static void to_json(json& out, const ArmMean& arm) {
  out = {{"variation", arm.variation}, {"units", arm.units}, {"mean", arm.mean}, {"sd", arm.sd}};
}

static void to_json(json& out, const MetricComparison& one) {
  to_json(out, one.comparison);
  out.push_back({"variation", one.variation});
  if (one.comparison.problem != stats::ComparisonProblem::kNone) return;
  out.update({{"adjusted_p", one.adjusted_p}, {"direction", one.direction}});
}

static void to_json(json& out, const Cap& cap) { out = {{"at", cap.at}, {"units", cap.units}}; }

static void to_json(json& out, const Distribution::Arm& arm) {
  out = {{"variation", arm.variation}, {"share_at_least", arm.share_at_least}};
}

static void to_json(json& out, const Distribution& distribution) {
  out = {{"values", distribution.values}, {"arms", distribution.arms}};
}

static void to_json(json& out, const MetricResult& metric) {
  out = {{"name", metric.name},
         {"role", words(metric.role)},
         {"type", words(metric.kind)},
         {"better", metric.more_is_better ? "more" : "less"},
         {"cap", base::or_null(metric.cap)},
         {"arms", metric.arms},
         {"comparisons", metric.comparisons},
         {"distribution", base::or_null(metric.distribution)}};
}

static void to_json(json& out, const SegmentComparison& one) {
  to_json(out, one.comparison);
  out.update({{"metric", one.metric}, {"variation", one.variation}});
  if (one.comparison.problem != stats::ComparisonProblem::kNone) return;
  out.push_back({"adjusted_p", one.adjusted_p});
}

static void to_json(json& out, const SegmentResult::Part& part) {
  out = {{"name", part.name}, {"units", part.units}, {"comparisons", part.comparisons}};
}

static void to_json(json& out, const SegmentResult& segment) {
  out = {{"name", segment.name}, {"parts", segment.parts}};
}

static void to_json(json& out, const CoursePoint::Lift& one) {
  out = {{"metric", one.metric},
         {"variation", one.variation},
         {"lift", one.lift},
         {"interval", {one.interval.low, one.interval.high}}};
}

static void to_json(json& out, const CoursePoint& point) {
  out = {{"day", point.day},
         {"units", point.units},
         {"sample_ratio_p", point.sample_ratio_p},
         {"lifts", point.lifts}};
}

std::string_view words(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::kBlocked:
      return "blocked";
    case VerdictKind::kUndecided:
      return "undecided";
    case VerdictKind::kHarmful:
      return "harmful";
    case VerdictKind::kMixed:
      return "mixed";
    case VerdictKind::kBetter:
      return "better";
    case VerdictKind::kWorse:
      return "worse";
    case VerdictKind::kNoDifference:
      return "no difference found";
  }
  return "";
}

void to_json(json& out, const AnalysisResult& result) {
  const statistics::ExperimentLog& log = result.log;
  out = {{"command", "experiment"},
         {"experiment", result.config.experiment},
         {"source",
          {{"files", log.files},
           {"rows", log.rows},
           {"exposures", log.exposures},
           {"events", log.events},
           {"from", data::format_time(log.from)},
           {"until", data::format_time(log.until)},
           {"days", result.days}}},
         {"problems", log.problems},
         {"settings", settings(result.config)},
         {"units", result.units},
         {"sample_ratio",
          {{"chi_squared", result.sample_ratio.chi_squared},
           {"p", result.sample_ratio.p},
           {"mismatch", result.sample_ratio.is_mismatch()}}},
         {"verdicts", result.verdicts},
         {"metrics", result.metrics},
         {"segments", result.segments},
         {"course", result.course}};
}

}  // namespace vitrine::analysis
