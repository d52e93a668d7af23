#include "commands/unit_log.h"

#include <fmt/format.h>

#include "commands/step_meter.h"

namespace vitrine::train {

UnitRows read_unit_log(Database& database, const ReadFlags& flags,
                       const std::vector<ExtraColumn>& extra, const std::string& table) {
  StepMeter meter;
  ReadOptions options = event_options(flags);
  options.progress = meter.as_read_progress();
  UnitRows rows = read_unit_rows(database, options, extra, table);
  meter.finish();
  return rows;
}

void print_problems(const std::vector<LogProblem>& problems) {
  for (const LogProblem& problem : problems) {
    fmt::print(stderr, "warning: {}\n", problem.message);
  }
}

}  // namespace vitrine::train
