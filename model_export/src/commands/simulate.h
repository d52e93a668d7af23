#pragma once

namespace CLI {
class App;
}

namespace vitrine::train {

/// Adds `vitrine simulate` to the command line. Its callback throws Error.
void add_simulate_command(CLI::App& app);

}  // namespace vitrine::train
