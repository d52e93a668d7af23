#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::report {

/// One self-contained HTML page of an experiment: `result` is what `vitrine experiment analyze
/// --json` prints. Everything in it is taken for text, never for markup.
[[nodiscard]] std::string render_experiment(const nlohmann::json& result);

}  // namespace vitrine::report
