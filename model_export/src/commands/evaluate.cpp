#include <fmt/format.h>

#include <memory>

#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/judge.h"
#include "commands/output_check.h"
#include "commands/report_file.h"
#include "commands/step_meter.h"
#include "report/examples.h"
#include "report/report.h"

namespace vitrine::commands {
namespace {

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  RuleArguments rules;
  std::string bundle;
  std::string item_knn;
  std::string report;
  bool json = false;
};

void run(const Arguments& arguments) {
  OutputCheck()
      .writes("--report", arguments.report)
      .reads(arguments.flags)
      .reads_bundle("--bundle", arguments.bundle)
      .reads("--item-knn", arguments.item_knn)
      .check();
  const bundle::BundleFile bundle = bundle::BundleFile::read(arguments.bundle);
  const std::optional<bundle::BundleFile> item_knn =
      arguments.item_knn.empty() ? find_item_knn(arguments.bundle, bundle)
                                 : std::optional(bundle::BundleFile::read(arguments.item_knn));
  statistics::EventLog log = arguments.machine.open_log();
  StepMeter meter;
  ReadFlags flags = arguments.flags;
  // All events are to be predicted, whoever made them.
  if (!flags.most_events) flags.most_events = 0;
  const LogAndItems log_read = read_log(log, flags, meter.as_read_progress());
  const data::ReadReport& read = log_read.events;
  meter.finish();
  print_problems(log_read);
  const recommend::EvaluationOptions options =
      arguments.rules.options(false, arguments.machine.thread_count());
  const model::LoggedSessions sessions = log.test_sessions();
  const recommend::Judgement judgement = judge(sessions, bundle, item_knn, options);
  const data::LogSummary source = data::summarize(read);
  if (!arguments.report.empty()) {
    write_page(arguments.report,
               report::render_report(
                   {.kind = report::Report::Kind::kEvaluation,
                    .source = source,
                    .split = {},
                    .judgement = judgement,
                    .sizes = {},
                    .training = recommend::read_record(bundle.bundle().metadata()),
                    .examples = report::make_examples(sessions, log.titles(), bundle, options)}));
  }
  if (!arguments.json) return print_judgement(judgement);
  nlohmann::json result = judgement;
  result.update({{"command", "evaluate"},
                 {"bundle", arguments.bundle},
                 {"bundle_hash", bundle::content_name(bundle.bytes())},
                 {"source", source},
                 {"training", bundle::metadata_of(bundle.bundle())}});
  print_json(result);
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "evaluate",
      "Measure how well a bundle predicts the events of a log that was not used in training");
  command->add_option("--bundle", arguments->bundle, "The bundle to evaluate")
      ->required()
      ->type_name("FILE");
  add_event_flags(*command, arguments->flags);
  add_item_flags(*command, arguments->flags);
  arguments->rules.add_to(*command);
  command
      ->add_option("--item-knn", arguments->item_knn,
                   "Bundle of baselines; default: the file that train wrote beside the bundle")
      ->type_name("FILE");
  add_report_option(*command, arguments->report);
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
