#pragma once

#include <string>

#include "report/report_contents.h"

namespace vitrine::report {

/// One self-contained HTML page, with a section for each part that there is. Everything in it is
/// taken for text, never for markup.
[[nodiscard]] std::string render_report(const Report& report);

}  // namespace vitrine::report
