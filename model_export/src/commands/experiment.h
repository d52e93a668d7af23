#pragma once

namespace CLI {
class App;
}

namespace vitrine::commands {

/// Each adds one command below `vitrine experiment`.
void add_experiment_analyze_command(CLI::App& experiment);
void add_experiment_lab_command(CLI::App& experiment);
void add_experiment_plan_command(CLI::App& experiment);
void add_experiment_priors_command(CLI::App& experiment);

}  // namespace vitrine::commands
