#pragma once

#include <vector>

#include "commands/read_flags.h"
#include "data/unit_rows.h"
#include "statistics/unit_log.h"

namespace vitrine::commands {

/// Reads the log that the flags name, with a progress line.
[[nodiscard]] data::UnitRows read_unit_log(statistics::UnitLog& log, const ReadFlags& flags,
                                           statistics::UnitLog::Columns columns);

/// One warning a problem on stderr.
void print_problems(const std::vector<data::LogProblem>& problems);

}  // namespace vitrine::commands
