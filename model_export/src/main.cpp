#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/markup.h"
#include "commands/commands.h"
#include "commands/read_flags.h"

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
    std::vector<std::string> arguments(argv + 1, argv + argc);
    vitrine::commands::keep_names_in_brackets(arguments);
    // The parser takes them from the end.
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
    return static_cast<int>(ExitCode::kOk);
  } catch (const CLI::ParseError& error) {
    const bool asked = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    app.exit(error);
    return static_cast<int>(asked ? ExitCode::kOk : ExitCode::kUsage);
  } catch (const vitrine::base::Error& error) {
    fmt::print(stderr, "vitrine: {}\n", vitrine::base::visible(error.what(), true));
    return static_cast<int>(error.code());
  } catch (const std::bad_alloc&) {
    fmt::print(
        stderr,
        "vitrine: out of memory. Lower --memory or embeddings.dims, or close other programs.\n");
    return static_cast<int>(ExitCode::kFailure);
  } catch (const std::filesystem::filesystem_error& error) {
    fmt::print(stderr, "vitrine: {}: {}.\n", vitrine::base::visible(error.path1().string()),
               error.code().message());
    return static_cast<int>(ExitCode::kIo);
  } catch (const std::exception& error) {
    fmt::print(stderr, "vitrine: this is a defect in vitrine, please report it: {}\n",
               vitrine::base::visible(error.what()));
    return static_cast<int>(ExitCode::kFailure);
  }
}
