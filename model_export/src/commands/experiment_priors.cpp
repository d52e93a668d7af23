#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "assignment/check_experiments.h"
#include "base/error.h"
#include "base/progress.h"
#include "commands/arguments.h"
#include "commands/experiment.h"
#include "commands/unit_log.h"
#include "replay/variation_replay.h"
#include "vitrine/assignment/definition.h"

namespace vitrine::commands {
namespace {

using nlohmann::json;

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  std::string config;
  std::string reward = "purchase";
  double strength = 200.0;
};

void run(const Arguments& arguments) {
  json config = read_json(arguments.config);
  const json list = config.is_object() ? config.value("experiments", json()) : json();
  assignment::check_experiments(list);
  if (std::none_of(list.begin(), list.end(),
                   [](const json& one) { return one.contains("bandit"); })) {
    throw base::Error(base::ExitCode::kUsage,
                      fmt::format("No experiment of {} has a \"bandit\".", arguments.config));
  }
  statistics::UnitLog log(arguments.machine.log_limits());
  print_problems(
      read_unit_log(log, arguments.flags, statistics::UnitLog::Columns::kRounds).problems);
  for (json& entry : config["experiments"]) {
    const assignment::Experiment experiment = assignment::experiment_from(entry);
    if (!experiment.bandit) continue;
    const replay::VariationReplay replay = replay::replay_variations(
        log.rounds(experiment.key, arguments.reward),
        {.experiment = experiment.key,
         .reward = arguments.reward,
         .window = static_cast<std::int64_t>(experiment.bandit->hours * 3600.0)});
    entry["bandit"]["priors"] =
        replay::estimate_priors(replay, experiment.variation_names, arguments.strength);
    fmt::print(stderr, "{}: {} rounds\n", experiment.key, base::with_thousands(replay.rounds));
  }
  print_json(config);
}

}  // namespace

void add_experiment_priors_command(CLI::App& experiment) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = experiment.add_subcommand(
      "priors", "Estimate the priors of bandit slots from their log, for vitrine train");
  add_event_flags(*command, arguments->flags);
  command
      ->add_option("--config", arguments->config,
                   "The configuration for `vitrine train`; it is printed with the priors filled in")
      ->required()
      ->type_name("FILE");
  command->add_option("--reward", arguments->reward, "Event that rewards a round")
      ->capture_default_str();
  command
      ->add_option("--strength", arguments->strength,
                   "Largest number of rounds that a prior counts for; with fewer rounds a browser "
                   "learns faster")
      ->check(CLI::Range(1.0, 1e5))
      ->capture_default_str();
  arguments->machine.add_to(*command);
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
