#include "replay/replay.h"

#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/progress.h"
#include "bundle/bundle_file.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/list_options.h"
#include "commands/unit_log.h"
#include "replay/variation_replay.h"

namespace vitrine::commands {
namespace {

using nlohmann::json;

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  replay::ReplayOptions options;
  std::string bundle;
  std::string list_options;
  bool rerank = false;
  bool include_seen = false;
  std::string experiment;
  std::string reward;         // empty: a view, of an experiment a purchase
  double window_hours = 0.0;  // 0: one hour, of an experiment a day
  bool json = false;
};

void print_value(const char* name, const json& value) {
  fmt::print("  {:<16}{:.5f}   {:.5f} .. {:.5f}\n", name, value["value"].get<double>(),
             value["interval"][0].get<double>(), value["interval"][1].get<double>());
}

void print_replay(const json& result) {
  fmt::print(
      "{} lists of {} units, {} places; effective sample size {:.0f}, largest weight {:.1f}\n",
      base::with_thousands(result["lists"]),
      base::with_thousands(static_cast<std::uint64_t>(result["units"].get<double>())),
      base::with_thousands(static_cast<std::uint64_t>(result["places"].get<double>())),
      result["effective_size"].get<double>(), result["largest_weight"].get<double>());
  fmt::print("value of a place, 95 % intervals:\n  {:<16}{:.5f}\n", "as logged",
             result["logged_value"].get<double>());
  print_value("IPS", result["ips"]);
  print_value("SNIPS", result["snips"]);
  print_value("doubly robust", result["doubly_robust"]);
}

void print_variations(const json& result) {
  fmt::print("{} rounds of {} units, as logged {:.5f} a round\n",
             base::with_thousands(result["rounds"].get<std::uint64_t>()),
             base::with_thousands(static_cast<std::uint64_t>(result["units"].get<double>())),
             result["logged_value"].get<double>());
  for (const json& one : result["variations"]) {
    fmt::print("always {}: {} rounds, effective sample size {:.0f}\n",
               one["variation"].get<std::string>(),
               base::with_thousands(one["rounds"].get<std::uint64_t>()),
               one["effective_size"].get<double>());
    if (one.contains("refused")) {
      fmt::print("  cannot be told: {}\n", one["refused"].get<std::string>());
      continue;
    }
    print_value("IPS", one["ips"]);
    print_value("SNIPS", one["snips"]);
    print_value("doubly robust", one["doubly_robust"]);
  }
}

/// The variations of a bandit slot, each as if everybody had got it.
void run_variations(const Arguments& arguments) {
  replay::VariationReplayOptions options{.experiment = arguments.experiment};
  if (!arguments.reward.empty()) options.reward = arguments.reward;
  if (arguments.window_hours > 0.0) {
    options.window = static_cast<std::int64_t>(arguments.window_hours * 3600.0);
  }
  statistics::UnitLog log(arguments.machine.log_limits());
  const data::UnitRows rows =
      read_unit_log(log, arguments.flags, statistics::UnitLog::Columns::kRounds);
  json result =
      to_json(replay::replay_variations(log.rounds(options.experiment, options.reward), options));
  result["experiment"] = options.experiment;
  result["problems"] = rows.problems;
  print_problems(rows.problems);
  if (!arguments.json) return print_variations(result);
  fmt::print("{}\n", result.dump(2, ' ', false, json::error_handler_t::replace));
}

void run(Arguments arguments) {
  if (arguments.bundle.empty() == arguments.experiment.empty()) {
    throw base::Error(
        base::ExitCode::kUsage,
        "Give --bundle to judge a bundle by lists, or --experiment to judge the variations "
        "of a bandit slot.");
  }
  if (!arguments.experiment.empty()) return run_variations(arguments);
  if (!arguments.reward.empty()) arguments.options.reward = arguments.reward;
  if (arguments.window_hours > 0.0) {
    arguments.options.window = static_cast<std::int64_t>(arguments.window_hours * 3600.0);
  }
  const bundle::BundleFile bundle = bundle::BundleFile::read(arguments.bundle);
  std::unique_ptr<ListOptions> list_options;
  ListRequest& list = arguments.options.list;
  const ListMode mode = arguments.rerank ? ListMode::kRerank : ListMode::kRecommend;
  list = ListRequest::of(mode);
  if (!arguments.list_options.empty()) {
    list_options = ListOptions::read(arguments.list_options, bundle.bundle());
    if (list_options->explores()) {
      throw base::Error(base::ExitCode::kDataUnusable,
                        "--options: lists with \"explore\" cannot be replayed; leave it out to "
                        "judge the lists without it.");
    }
    list = list_options->request(mode);
  }
  if (arguments.include_seen) list.exclude_seen = false;
  statistics::UnitLog log(arguments.machine.log_limits());
  const data::UnitRows rows =
      read_unit_log(log, arguments.flags, statistics::UnitLog::Columns::kLists);
  const replay::Replay found =
      replay::replay(log.units_with_lists(), bundle.bundle(), arguments.options);
  json result = to_json(found);
  result["bundle"] = bundle::content_name(bundle.bytes());
  result["problems"] = rows.problems;
  print_problems(rows.problems);
  if (found.unusable_lists > 0) {
    fmt::print(stderr,
               "warning: {} lists cannot be used: they need items, and propensities above 0 and at "
               "most 1, as many as items\n",
               base::with_thousands(found.unusable_lists));
  }
  if (arguments.json)
    fmt::print("{}\n", result.dump(2, ' ', false, json::error_handler_t::replace));
  if (result.contains("refused")) {
    throw base::Error(base::ExitCode::kDataUnusable,
                      fmt::format("The reward of the bundle cannot be estimated from this log: {}.",
                                  result["refused"].get<std::string>()));
  }
  if (!arguments.json) print_replay(result);
}

}  // namespace

void add_replay_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  replay::ReplayOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand("replay",
                                         "Estimate the reward of another bundle, or of a variation "
                                         "of a bandit slot, from logged propensities");
  add_event_flags(*command, arguments->flags);
  command->add_option("--bundle", arguments->bundle, "The bundle to evaluate")->type_name("FILE");
  command
      ->add_option("--experiment", arguments->experiment,
                   "Evaluate the variations of this bandit slot instead of a bundle")
      ->type_name("KEY");
  command->add_option("--slot", options.slot,
                      "Use only the lists of this slot; default: all lists");
  command->add_option("--reward", arguments->reward,
                      "The event that counts as reward; default: a view of the shown item, with "
                      "--experiment any purchase");
  command
      ->add_option(
          "--window-hours", arguments->window_hours,
          "Hours after an exposure in which the event counts; default: 1, with --experiment 24")
      ->check(CLI::Range(0.001, 10000.0));
  command
      ->add_option(
          "--options", arguments->list_options,
          "A JSON file with rules, filter, diversity and context of the lists, in the form "
          "of the npm package")
      ->type_name("FILE");
  command->add_flag(
      "--rerank", arguments->rerank,
      "Let the bundle order the items that were shown, instead of choosing from all items");
  command->add_flag("--include-seen", arguments->include_seen,
                    "Allow items of the history in the bundle's lists");
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
