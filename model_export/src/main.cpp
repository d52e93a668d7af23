#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <new>

#include "base/error.h"
#include "commands/commands.h"

int main(int argc, char** argv) {
  using vitrine::base::ExitCode;
  CLI::App app(
      "Vitrine trains and evaluates models that personalize a web shop in the shopper's browser.",
      "vitrine");
  app.set_version_flag("--version", VITRINE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Start with: vitrine validate --events LOG, then vitrine train --events LOG --out "
      "shop.vitrine.\n"
      "Exit codes: 0 ok, 1 failure, 2 usage, 3 data unusable, 5 input or output.");
  vitrine::commands::add_validate_command(app);
  vitrine::commands::add_train_command(app);
  vitrine::commands::add_evaluate_command(app);
  vitrine::commands::add_backtest_command(app);
  vitrine::commands::add_recommend_command(app);
  vitrine::commands::add_inspect_command(app);
  vitrine::commands::add_overlay_command(app);
  vitrine::commands::add_release_commands(app);
  vitrine::commands::add_simulate_command(app);
  vitrine::commands::add_experiment_command(app);
  vitrine::commands::add_replay_command(app);
  try {
    app.parse(argc, argv);
    return static_cast<int>(ExitCode::kOk);
  } catch (const CLI::ParseError& error) {
    const bool asked = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    app.exit(error);
    return static_cast<int>(asked ? ExitCode::kOk : ExitCode::kUsage);
  } catch (const vitrine::base::Error& error) {
    fmt::print(stderr, "vitrine: {}\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::bad_alloc&) {
    fmt::print(
        stderr,
        "vitrine: out of memory. Lower --memory or embeddings.dims, or close other programs.\n");
    return static_cast<int>(ExitCode::kFailure);
  } catch (const std::exception& error) {
    fmt::print(stderr, "vitrine: {}\n", error.what());
    return static_cast<int>(ExitCode::kFailure);
  }
}
