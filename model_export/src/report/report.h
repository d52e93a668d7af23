#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::report {

/// One self-contained HTML page of what a command found: `result` is what its --json prints, so
/// that page and JSON cannot disagree, and may have "examples" (make_examples). Has a section for
/// each part that `result` has. Everything in it is taken for text, never for markup.
[[nodiscard]] std::string render_report(const nlohmann::json& result);

}  // namespace vitrine::report
