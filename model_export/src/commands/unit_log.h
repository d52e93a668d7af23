#pragma once

#include <string>
#include <vector>

#include "cli/read_flags.h"
#include "experiment/unit_rows.h"

namespace vitrine::train {

/// read_unit_rows with the log that the flags name, and a progress line.
[[nodiscard]] UnitRows read_unit_log(Database& database, const ReadFlags& flags,
                                     const std::vector<ExtraColumn>& extra,
                                     const std::string& table);

/// One warning a problem on stderr.
void print_problems(const std::vector<LogProblem>& problems);

}  // namespace vitrine::train
