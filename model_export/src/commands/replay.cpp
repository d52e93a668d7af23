#include "experiment/replay.h"

#include <fmt/format.h>

#include <memory>

#include "bundle/bundle_file.h"
#include "cli/error.h"
#include "cli/progress.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/step_meter.h"

namespace vitrine::train {
namespace {

using nlohmann::json;

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  ReplayOptions options;
  std::string bundle;
  double window_hours = 1.0;
  bool json = false;
};

void print_value(const char* name, const json& value) {
  fmt::print("  {:<16}{:.5f}   {:.5f} .. {:.5f}\n", name, value["value"].get<double>(),
             value["interval"][0].get<double>(), value["interval"][1].get<double>());
}

void print_replay(const json& result) {
  fmt::print(
      "{} lists of {} units, {} places; effective sample size {:.0f}, largest weight {:.1f}\n",
      with_thousands(result["lists"]),
      with_thousands(static_cast<std::uint64_t>(result["units"].get<double>())),
      with_thousands(static_cast<std::uint64_t>(result["places"].get<double>())),
      result["effective_size"].get<double>(), result["largest_weight"].get<double>());
  fmt::print("value of a place, 95 % intervals:\n  {:<16}{:.5f}\n", "as logged",
             result["logged_value"].get<double>());
  print_value("IPS", result["ips"]);
  print_value("SNIPS", result["snips"]);
  print_value("doubly robust", result["doubly_robust"]);
}

void run(Arguments arguments) {
  arguments.options.window = static_cast<std::int64_t>(arguments.window_hours * 3600.0);
  const BundleFile bundle = BundleFile::read(arguments.bundle);
  Database database = arguments.machine.open_database();
  StepMeter meter;
  ReadOptions options = event_options(arguments.flags);
  options.progress = meter.as_read_progress();
  const std::vector<ExtraColumn> extra = {
      {.name = "list", .column = "list", .kind = ExtraColumn::Kind::kText}};
  const UnitRows rows = read_unit_rows(database, options, extra, "replay_rows");
  meter.finish();
  const Replay found = replay(database, "replay_rows", bundle.bundle(), arguments.options);
  json result = to_json(found);
  result["bundle"] = content_name(bundle.bytes());
  result["problems"] = json::array();
  for (const LogProblem& problem : rows.problems) {
    result["problems"].push_back(
        {{"code", problem.code}, {"count", problem.count}, {"message", problem.message}});
    fmt::print(stderr, "warning: {}\n", problem.message);
  }
  if (found.unusable_lists > 0) {
    fmt::print(stderr,
               "warning: {} lists cannot be used: they need items, and propensities above 0 and at "
               "most 1, as many as items\n",
               with_thousands(found.unusable_lists));
  }
  if (arguments.json)
    fmt::print("{}\n", result.dump(2, ' ', false, json::error_handler_t::replace));
  if (result.contains("refused")) {
    throw Error(ExitCode::kDataUnusable,
                fmt::format("This log cannot tell what the bundle is worth: {}.",
                            result["refused"].get<std::string>()));
  }
  if (!arguments.json) print_replay(result);
}

}  // namespace

void add_replay_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  ReplayOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand(
      "replay", "Estimate what a bundle would have earned, from logged lists and propensities");
  add_event_flags(*command, arguments->flags);
  command->add_option("--bundle", arguments->bundle, "The bundle to judge")
      ->required()
      ->type_name("FILE");
  command->add_option("--slot", options.slot, "Lists of this slot alone; default: all");
  command->add_option("--reward", options.reward, "Event on a shown item that counts")
      ->capture_default_str();
  command->add_option("--window-hours", arguments->window_hours, "How long after a list it counts")
      ->check(CLI::Range(0.001, 10000.0))
      ->capture_default_str();
  command->add_flag("--rerank", options.rerank,
                    "The bundle orders the items that were shown, instead of choosing items");
  command->add_flag("--include-seen", options.include_seen,
                    "The bundle may recommend what is in the history");
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::train
