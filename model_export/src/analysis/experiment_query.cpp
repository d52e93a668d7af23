#include "analysis/experiment_query.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/assignment/assignment.h"
#include "vitrine/assignment/definition.h"

namespace vitrine::analysis {
namespace {

/// Returns the columns of numbers that the metrics use, each once, in the order of the metrics.
std::vector<std::string> value_columns(const std::vector<MetricDefinition>& metrics) {
  std::vector<std::string> columns;
  for (const MetricDefinition& metric : metrics) {
    for (const EventSum* sum : {&metric.numerator, &metric.denominator}) {
      if (sum->value.empty() || sum->value == "revenue") continue;
      if (std::find(columns.begin(), columns.end(), sum->value) == columns.end()) {
        columns.push_back(sum->value);
      }
    }
  }
  return columns;
}

/// The definition as the bucket of a visitor id decides: conditions, holdouts and sticky
/// assignments are not in the log.
assignment::Experiment by_bucket_alone(assignment::Experiment experiment) {
  experiment.coverage = 1.0;
  experiment.ramp.clear();
  experiment.part.reset();
  experiment.filters.reset();
  experiment.holdout.clear();
  experiment.condition = nullptr;
  experiment.parents.clear();
  experiment.hash_attribute = "id";
  experiment.active = true;
  experiment.status = assignment::ExperimentStatus::kRunning;
  return experiment;
}

}  // namespace

statistics::ExperimentQuery experiment_query(const AnalysisConfig& config) {
  statistics::ExperimentQuery query{.experiment = config.experiment,
                                    .variations = config.variations,
                                    .segments = config.segments,
                                    .values = value_columns(config.metrics),
                                    .sums = {},
                                    .from = config.from,
                                    .until = config.until,
                                    .most_exposures = config.most_exposures,
                                    .window_days = config.window_days,
                                    .before_days = config.cuped_days,
                                    .assigned = {}};
  for (const MetricDefinition& metric : config.metrics) {
    query.sums.push_back(metric.numerator);
    if (metric.kind == MetricKind::kRatio) query.sums.push_back(metric.denominator);
  }
  if (config.definition) {
    query.assigned = [experiment = by_bucket_alone(*config.definition)](std::string_view unit) {
      const assignment::Assignment assigned =
          assignment::assign(experiment, {.attributes = {{"id", unit}}});
      return assigned.is_drawn() ? assigned.variation : -1;
    };
  }
  return query;
}

}  // namespace vitrine::analysis
