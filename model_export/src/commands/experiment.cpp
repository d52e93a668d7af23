#include "commands/experiment.h"

#include <CLI/CLI.hpp>

#include "commands/commands.h"

namespace vitrine::commands {

void add_experiment_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "experiment", "Plan and analyze experiments, and measure how reliable the analysis is");
  command->require_subcommand(1);
  add_experiment_plan_command(*command);
  add_experiment_analyze_command(*command);
  add_experiment_priors_command(*command);
  add_experiment_lab_command(*command);
}

}  // namespace vitrine::commands
