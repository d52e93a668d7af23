#pragma once

#include "analysis/analysis_config.h"
#include "analysis/analysis_result.h"
#include "analysis/unit_outcomes.h"
#include "statistics/experiment_log.h"

namespace vitrine::analysis {

/// Judges an experiment: units and sample ratio, every metric of every treatment beside the
/// control, segments, the course over time, and a verdict for each treatment.
[[nodiscard]] AnalysisResult analyze(const UnitOutcomes& outcomes, const AnalysisConfig& config,
                                     const statistics::ExperimentLog& log);

}  // namespace vitrine::analysis
