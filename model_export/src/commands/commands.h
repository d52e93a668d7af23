#pragma once

namespace CLI {
class App;
}

namespace vitrine::commands {

/// Each adds one command to the program, or those of one subject. Commands throw Error.
void add_backtest_command(CLI::App& app);
void add_evaluate_command(CLI::App& app);
void add_experiment_command(CLI::App& app);
void add_inspect_command(CLI::App& app);
void add_overlay_command(CLI::App& app);
void add_recommend_command(CLI::App& app);
void add_release_commands(CLI::App& app);
void add_replay_command(CLI::App& app);
void add_simulate_command(CLI::App& app);
void add_train_command(CLI::App& app);
void add_validate_command(CLI::App& app);

}  // namespace vitrine::commands
