#pragma once

namespace CLI {
class App;
}

namespace vitrine::train {

/// Adds `vitrine validate` to the command line. Its callback throws Error.
void add_validate_command(CLI::App& app);

}  // namespace vitrine::train
