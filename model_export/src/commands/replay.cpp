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

void print_value(const char* name, const stats::PolicyValue& value) {
  fmt::print("  {:<16}{:.5f}   {:.5f} .. {:.5f}\n", name, value.value, value.interval.low,
             value.interval.high);
}

void print_values(const stats::OffPolicyEstimate& estimate) {
  print_value("IPS", estimate.ips);
  print_value("SNIPS", estimate.snips);
  print_value("doubly robust", estimate.doubly_robust);
}

void print_replay(const replay::Replay& found) {
  const stats::OffPolicyEstimate& estimate = found.estimate;
  fmt::print(
      "{} lists of {} units, {} places; effective sample size {:.0f}, largest weight {:.1f}\n",
      base::with_thousands(found.lists),
      base::with_thousands(static_cast<std::uint64_t>(estimate.clusters)),
      base::with_thousands(static_cast<std::uint64_t>(estimate.decisions)), estimate.effective_size,
      estimate.largest_weight);
  fmt::print("value of a place, 95 % intervals:\n  {:<16}{:.5f}\n", "as logged",
             estimate.logged_value);
  print_values(estimate);
}

void print_variations(const replay::VariationReplay& found) {
  const stats::OffPolicyEstimate& any = found.variations.front().estimate;
  fmt::print("{} rounds of {} units, as logged {:.5f} a round\n",
             base::with_thousands(found.rounds),
             base::with_thousands(static_cast<std::uint64_t>(any.clusters)), any.logged_value);
  for (const replay::VariationValue& one : found.variations) {
    fmt::print("always {}: {} rounds, effective sample size {:.0f}\n", one.variation,
               base::with_thousands(one.rounds), one.estimate.effective_size);
    const stats::SupportProblem problem = stats::support_problem(one.estimate);
    if (problem == stats::SupportProblem::kNone) {
      print_values(one.estimate);
    } else {
      fmt::print("  cannot be told: {}\n", replay::variation_support_words(problem));
    }
  }
}

/// Evaluates the variations of a bandit slot, each as if everybody had got it.
void run_variations(const Arguments& arguments) {
  replay::VariationReplayOptions options{.experiment = arguments.experiment};
  if (!arguments.reward.empty()) options.reward = arguments.reward;
  if (arguments.window_hours > 0.0) {
    options.window = static_cast<std::int64_t>(arguments.window_hours * 3600.0);
  }
  statistics::UnitLog log(arguments.machine.log_limits());
  const data::UnitRows rows =
      read_unit_log(log, arguments.flags, statistics::UnitLog::Columns::kRounds);
  const replay::VariationReplay found =
      replay::replay_variations(log.rounds(options.experiment, options.reward), options);
  print_problems(rows.problems);
  if (!arguments.json) return print_variations(found);
  json result = found;
  result.update({{"experiment", options.experiment}, {"problems", rows.problems}});
  print_json(result);
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
  print_problems(rows.problems);
  if (found.unusable_lists > 0) {
    fmt::print(stderr,
               "warning: {} lists cannot be used: they need items, and propensities above 0 and at "
               "most 1, as many as items\n",
               base::with_thousands(found.unusable_lists));
  }
  if (arguments.json) {
    json result = found;
    result.update({{"bundle", bundle::content_name(bundle.bytes())}, {"problems", rows.problems}});
    print_json(result);
  }
  const stats::SupportProblem problem = stats::support_problem(found.estimate);
  if (problem != stats::SupportProblem::kNone) {
    throw base::Error(base::ExitCode::kDataUnusable,
                      fmt::format("The reward of the bundle cannot be estimated from this log: {}.",
                                  replay::support_words(problem)));
  }
  if (!arguments.json) print_replay(found);
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
