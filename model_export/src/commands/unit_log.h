#pragma once

#include <string>
#include <vector>

#include "commands/read_flags.h"
#include "data/unit_rows.h"

namespace vitrine::commands {

/// read_unit_rows with the log that the flags name, and a progress line.
[[nodiscard]] data::UnitRows read_unit_log(data::Database& database, const ReadFlags& flags,
                                           const std::vector<data::ExtraColumn>& extra,
                                           const std::string& table);

/// One warning a problem on stderr.
void print_problems(const std::vector<data::LogProblem>& problems);

}  // namespace vitrine::commands
