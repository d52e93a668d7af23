#pragma once

#include <string>

#include "analysis/analysis_result.h"

namespace vitrine::report {

/// One self-contained HTML page of an experiment. Everything in it is taken for text, never for
/// markup.
[[nodiscard]] std::string render_experiment(const analysis::AnalysisResult& result);

}  // namespace vitrine::report
