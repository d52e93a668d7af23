#include <fmt/format.h>

#include <memory>

#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/judge.h"
#include "commands/step_meter.h"

namespace vitrine::train {
namespace {

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  RuleArguments rules;
  std::string bundle;
  std::string item_knn;
  bool json = false;
};

void run(const Arguments& arguments) {
  const BundleFile bundle = BundleFile::read(arguments.bundle);
  const std::optional<BundleFile> item_knn =
      arguments.item_knn.empty() ? find_item_knn(arguments.bundle, bundle)
                                 : std::optional(BundleFile::read(arguments.item_knn));
  Database database = arguments.machine.open_database();
  StepMeter meter;
  ReadOptions events = event_options(arguments.flags);
  events.progress = meter.as_read_progress();
  const ReadReport read = read_events(database, events);
  meter.finish();
  print_problems(read);
  const EvaluationOptions options{.k = arguments.rules.k,
                                  .drop_current = arguments.rules.drop_current,
                                  .filter_seen = arguments.rules.filter_seen,
                                  .threads = arguments.machine.thread_count()};
  nlohmann::json json = judge(
      database, "SELECT session, item, kind FROM events WHERE kind <> 4 ORDER BY session, position",
      bundle, item_knn, options);
  if (!arguments.json) return print_judgement(json);
  json["bundle"] = arguments.bundle;
  json["bundle_hash"] = content_name(bundle.bytes());
  json["events"] = read.rows_kept;
  json["refused"] = read.rows_refused();
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Measure how well a bundle predicts the events of a log it has not seen");
  command->add_option("--bundle", arguments->bundle, "The bundle to judge")
      ->required()
      ->type_name("FILE");
  add_event_flags(*command, arguments->flags);
  arguments->rules.add_to(*command);
  command
      ->add_option("--item-knn", arguments->item_knn,
                   "Baseline bundle; default: the one that train put beside the bundle")
      ->type_name("FILE");
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::train
