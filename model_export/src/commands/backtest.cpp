#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/json.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/judge.h"
#include "commands/output_check.h"
#include "commands/report_file.h"
#include "commands/step_meter.h"
#include "recommend/training/training.h"
#include "report/examples.h"
#include "report/report.h"

namespace vitrine::commands {
namespace {

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  TrainArguments training;
  RuleArguments rules;
  std::string split = "fraction=0.1";
  double hide_items = 0.0;
  bool pareto = false;
  std::string sizes;
  std::string report;
  bool json = false;
};

/// Parses the sizes of --pareto.
std::optional<std::vector<std::size_t>> asked_sizes(const Arguments& arguments) {
  if (!arguments.pareto) return std::nullopt;
  std::vector<std::size_t> sizes;
  for (std::size_t begin = 0; begin < arguments.sizes.size();) {
    const std::size_t end = std::min(arguments.sizes.find(',', begin), arguments.sizes.size());
    sizes.push_back(parse_bytes(arguments.sizes.substr(begin, end - begin)));
    begin = end + 1;
  }
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

void run(const Arguments& arguments) {
  OutputCheck()
      .writes("--report", arguments.report)
      .reads(arguments.flags)
      .reads("--config", arguments.training.config)
      .check();
  static_cast<void>(asked_sizes(arguments));  // a typo must not cost a training
  const statistics::LogSplit split = statistics::parse_split(arguments.split);
  statistics::EventLog log = arguments.machine.open_log();
  const recommend::EvaluationOptions rules =
      arguments.rules.options(split.last_only(), arguments.machine.thread_count());
  recommend::TrainOptions options = arguments.training.train_options(arguments.machine);
  // Settings are chosen for the rules of the measurement.
  options.rules = {rules};
  options.hold_out = split.hold_out;
  StepMeter meter;
  const LogAndItems log_read = read_log(log, arguments.flags, meter.as_read_progress());
  const data::ReadReport& read = log_read.events;
  meter.finish();
  print_problems(log_read);
  options.settings.session_gap = read.session_gap;
  log.split(split);
  if (log.events() == 0) {
    throw base::Error(base::ExitCode::kDataUnusable,
                      fmt::format("--split {} leaves no events for training.", arguments.split));
  }
  std::vector<std::string> hidden;
  if (arguments.hide_items > 0.0) {
    // In this log the hidden items look like items that nobody wants.
    if (options.content.weight == 0.0F) options.content.weight = 1.0F;
    hidden = log.hide_items(arguments.hide_items, arguments.training.seed);
    if (hidden.empty() || log.events() == 0) {
      throw base::Error(
          base::ExitCode::kDataUnusable,
          fmt::format("--hide-items {}: {} item to hide; give another share.", arguments.hide_items,
                      hidden.empty() ? "there is no" : "leaves no"));
    }
  }
  const recommend::Trained trained = recommend::train(log, options, data::summarize(read),
                                                      meter.as_on_step(), asked_sizes(arguments));
  meter.finish();

  const bundle::BundleFile bundle = bundle::BundleFile::open(trained.bundle);
  const model::LoggedSessions sessions = log.test_sessions();
  const recommend::Judgement judgement =
      judge(sessions, bundle, bundle::BundleFile::open(trained.item_knn), rules, hidden);
  std::vector<recommend::SizeJudgement> sizes;
  if (!trained.sizes.empty()) {
    sizes = judge_sizes(trained.sizes, recommend::test_sessions_for(bundle.bundle(), sessions),
                        bundle.bundle(), rules);
  }
  if (!arguments.report.empty()) {
    write_page(arguments.report,
               report::render_report(
                   {.kind = report::Report::Kind::kBacktest,
                    .source = trained.report.source,
                    .split = report::SplitWords{arguments.split, split.words},
                    .judgement = judgement,
                    .sizes = sizes,
                    .training = recommend::record_of(trained.report),
                    .examples = report::make_examples(sessions, log.titles(), bundle, rules)}));
  }
  if (arguments.json) {
    nlohmann::json result = judgement;
    result.update({{"command", "backtest"},
                   {"split", {{"name", arguments.split}, {"test", split.words}}},
                   {"source", base::or_null(trained.report.source)},
                   {"training", trained.report}});
    if (!sizes.empty()) result.push_back({"pareto", sizes});
    return print_json(result);
  }
  fmt::print("split: {}\nbundle: {} bytes, {} after brotli\n", split.words,
             base::with_thousands(trained.bundle.size()),
             base::with_thousands(trained.report.bundle->brotli_bytes));
  print_floor(trained.report);
  print_new_items(trained.report);
  print_judgement(judgement, sizes);
}

}  // namespace

void add_backtest_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("backtest", "Split a log, train on one part, measure on the other");
  add_event_flags(*command, arguments->flags);
  add_item_flags(*command, arguments->flags);
  command
      ->add_option("--split", arguments->split,
                   "Test part: leave-one-out, last-days=N, fraction=F (the latest part of the "
                   "sessions) or since=TIME (events from then on)")
      ->capture_default_str();
  arguments->rules.add_to(*command);
  command
      ->add_option_function<std::string>(
          "--pareto",
          [arguments](const std::string& sizes) {
            arguments->pareto = true;
            arguments->sizes = sizes;
          },
          "Also measure the model in other sizes, such as 200KB,400KB, counted as by --max-bytes; "
          "without a list 1/8, 1/4, 1/2, 1 and 2 times the budget")
      ->expected(0, 1)
      ->type_name("[SIZES]");
  arguments->training.add_to(*command);
  command
      ->add_option("--hide-items", arguments->hide_items,
                   "Hide the events of this share of the catalogue's items from training, and "
                   "measure how well these items are ranked; 0.1 is a tenth")
      ->check(CLI::Range(0.0, 1.0))
      ->needs("--items")
      ->type_name("FRACTION");
  add_report_option(*command, arguments->report);
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
