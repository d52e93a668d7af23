#pragma once

#include "analysis/analysis_config.h"
#include "statistics/experiment_log.h"

namespace vitrine::analysis {

/// Returns the query of an analysis: of every metric the sum of its numerator, then of a ratio that
/// of its denominator, in the order of the metrics.
[[nodiscard]] statistics::ExperimentQuery experiment_query(const AnalysisConfig& config);

}  // namespace vitrine::analysis
