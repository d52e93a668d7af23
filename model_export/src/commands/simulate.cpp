#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/progress.h"
#include "bundle/bundle_file.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/list_options.h"
#include "commands/output_check.h"
#include "simulate/simulation.h"

namespace vitrine::commands {

namespace {

struct Arguments {
  simulate::SimulationOptions options;
  std::string experiments;
  std::string bundle;
  std::string list_options;
  bool progress = false;
};

void check_outputs(const Arguments& arguments) {
  // In a folder that does not exist yet nothing can be replaced.
  std::error_code failed;
  if (!std::filesystem::is_directory(arguments.options.out, failed)) return;
  OutputCheck check;
  for (const char* name : {"items.csv", "events.csv", "simulation.json", "exposures.jsonl"}) {
    check.writes("--out", (std::filesystem::path(arguments.options.out) / name).string());
  }
  check.reads("--experiments", arguments.experiments)
      .reads_bundle("--value-of", arguments.bundle)
      .reads("--options", arguments.list_options)
      .check();
}

void run(const Arguments& arguments) {
  simulate::SimulationOptions options = arguments.options;
  check_outputs(arguments);
  std::optional<simulate::TrialPlan> trial;
  std::optional<bundle::BundleFile> bundle;
  if (!arguments.experiments.empty()) {
    trial = simulate::parse_trial_plan(read_json(arguments.experiments));
    options.trial = &*trial;
  }
  if (!arguments.bundle.empty()) {
    if (!trial || trial->list.items == 0) {
      throw base::Error(base::ExitCode::kUsage, "--value-of needs --experiments with a \"list\".");
    }
    bundle = bundle::BundleFile::read(arguments.bundle);
    options.judged = &bundle->bundle();
  }
  std::unique_ptr<ListOptions> list_options;
  if (!arguments.list_options.empty()) {
    if (!bundle) throw base::Error(base::ExitCode::kUsage, "--options needs --value-of.");
    list_options = ListOptions::read(arguments.list_options, bundle->bundle());
    options.judged_list = list_options->request(ListMode::kRerank);
  }
  {
    base::Progress progress("simulating", static_cast<std::uint64_t>(options.days), "days",
                            arguments.progress);
    options.progress = [&progress](std::uint64_t days) { progress.update(days); };
    const simulate::SimulationCounts counts = simulate::simulate(options);
    progress.finish();
    fmt::print("{} products, {} shoppers, {} sessions, {} events over {} days from {}\n",
               base::with_thousands(options.products), base::with_thousands(counts.shoppers_seen),
               base::with_thousands(counts.sessions), base::with_thousands(counts.events),
               options.days, options.start);
    std::string kinds;
    for (std::size_t i = 0; i < kEventKinds; ++i) {
      if (counts.kinds[i] == 0) continue;
      kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", data::kEventKindNames[i],
                           base::with_thousands(counts.kinds[i]));
    }
    if (trial) fmt::print("exposures: {}\n", base::with_thousands(counts.exposures));
    fmt::print("events: {}\nwrote {}/items.csv, events.csv, {}simulation.json\n", kinds,
               options.out, trial ? "exposures.jsonl, " : "");
  }
}

}  // namespace

void add_simulate_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  simulate::SimulationOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand(
      "simulate",
      "Write the items and events of a made-up shop; the same seed gives the same bytes");
  command->add_option("--shoppers", options.shoppers, "Number of shoppers")
      ->check(whole_number())
      ->capture_default_str();
  command->add_option("--products", options.products, "Number of products")
      ->check(whole_number())
      ->capture_default_str();
  command->add_option("--days", options.days, "Number of days")
      ->check(whole_number())
      ->capture_default_str();
  command->add_option("--seed", options.seed, "Seed of all random numbers")
      ->check(whole_number())
      ->capture_default_str();
  command
      ->add_option("--sessions-per-shopper", options.sessions_per_shopper,
                   "Number of visits of an average shopper over all days")
      ->capture_default_str();
  command->add_option("--start", options.start, "First day, YYYY-MM-DD")->capture_default_str();
  command->add_option("--out", options.out, "Folder for items.csv, events.csv, simulation.json")
      ->required();
  command
      ->add_option("--experiments", arguments->experiments,
                   "JSON file with experiments and the effects of their variations; "
                   "docs/experiments.md describes it")
      ->type_name("FILE");
  command
      ->add_option("--value-of", arguments->bundle,
                   "A bundle; print the reward of the lists if it had ordered them")
      ->type_name("FILE");
  command
      ->add_option("--options", arguments->list_options,
                   "A JSON file with rules, filter, diversity and context of these lists, in the "
                   "form of the npm package")
      ->type_name("FILE");
  command->add_flag("--progress", arguments->progress, "Show progress even without a terminal");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
