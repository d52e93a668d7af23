#include "commands/unit_log.h"

#include <fmt/format.h>

#include "commands/step_meter.h"

namespace vitrine::commands {

data::UnitRows read_unit_log(statistics::UnitLog& log, const ReadFlags& flags,
                             statistics::UnitLog::Columns columns) {
  StepMeter meter;
  data::ReadOptions options = event_options(flags);
  options.progress = meter.as_read_progress();
  data::UnitRows rows = log.read(options, columns);
  meter.finish();
  return rows;
}

void print_problems(const std::vector<data::LogProblem>& problems) {
  for (const data::LogProblem& problem : problems) {
    fmt::print(stderr, "warning: {}\n", problem.message);
  }
}

}  // namespace vitrine::commands
