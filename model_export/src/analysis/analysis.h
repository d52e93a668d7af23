#pragma once

#include <nlohmann/json.hpp>

#include "analysis/analysis_config.h"
#include "analysis/experiment_log.h"
#include "analysis/unit_outcomes.h"

namespace vitrine::analysis {

/// Judges an experiment: units and sample ratio, every metric of every treatment beside the
/// control, segments, the course over time, and a verdict for each treatment. The result is what
/// `vitrine experiment analyze --json` prints; docs/experiments.md describes it.
[[nodiscard]] nlohmann::json analyze(const UnitOutcomes& outcomes, const AnalysisConfig& config,
                                     const ExperimentLog& log);

}  // namespace vitrine::analysis
