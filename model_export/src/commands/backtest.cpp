#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "cli/error.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/judge.h"
#include "commands/step_meter.h"
#include "training/training.h"

namespace vitrine::train {
namespace {

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  TrainArguments training;
  RuleArguments rules;
  std::string split = "fraction=0.1";
  bool json = false;
};

/// How `log` is parted: conditions on its rows.
struct Split {
  std::string train;  // rows to train on
  std::string test;   // rows to predict, with what precedes them in the session
  bool last_only = false;
  std::string words;
};

double number_after(const std::string& text, std::size_t at) {
  double value = 0.0;
  const auto [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || !(value > 0.0)) {
    throw Error(ExitCode::kUsage,
                fmt::format("--split {}: a positive number must follow the \"=\".", text));
  }
  return value;
}

Split parse_split(const std::string& text) {
  if (text == "leave-one-out") {
    // The last two events of a session stay out of training, as the published protocols have it:
    // one would be for validation. The last is predicted from all before it.
    return {.train = "position < length - 2",
            .test = "length >= 3",
            .last_only = true,
            .words = "last event of each session; the two last are not trained on"};
  }
  if (text.starts_with("last-days=")) {
    const double days = number_after(text, 10);
    const std::string cut = fmt::format("(SELECT max(time) FROM log) - {}", days * 86400.0);
    return {.train = "started < " + cut,
            .test = "started >= " + cut,
            .words = fmt::format("sessions of the last {} days", days)};
  }
  if (text.starts_with("fraction=")) {
    const double share = number_after(text, 9);
    if (share >= 1.0)
      throw Error(ExitCode::kUsage, "--split fraction=F needs F below 1, for example 0.1.");
    const std::string cut = fmt::format("(SELECT (max(session) + 1) * {} FROM log)", 1.0 - share);
    return {.train = "session < " + cut,
            .test = "session >= " + cut,
            .words = fmt::format("last {:g} % of the sessions", share * 100)};
  }
  throw Error(ExitCode::kUsage,
              fmt::format("--split {} is none of leave-one-out, last-days=N, fraction=F.", text));
}

void run(const Arguments& arguments) {
  const Split split = parse_split(arguments.split);
  const TrainOptions options = arguments.training.train_options(arguments.machine);
  Database database = arguments.machine.open_database();
  StepMeter meter;
  ReadOptions events = event_options(arguments.flags);
  events.progress = meter.as_read_progress();
  const ReadReport read = read_events(database, events, "log");
  read_items_if_given(database, arguments.flags);
  print_problems(read);
  database.execute(
      fmt::format("CREATE TABLE parted AS SELECT * REPLACE ((row_number() OVER (PARTITION BY "
                  "session ORDER BY position) - 1)::INTEGER AS position), count(*) OVER w AS "
                  "length, min(time) OVER w AS started FROM log WHERE kind <> 4 "
                  "WINDOW w AS (PARTITION BY session);"
                  "CREATE TABLE events AS SELECT * EXCLUDE (length, started) FROM parted WHERE {}",
                  split.train));
  if (database.query_int64("SELECT count(*) FROM events") == 0) {
    throw Error(ExitCode::kDataUnusable,
                fmt::format("--split {} leaves no event to train on.", arguments.split));
  }
  const Trained trained = train(database, options, describe(read), meter.as_on_step());
  meter.finish();

  const EvaluationOptions rules{.k = arguments.rules.k,
                                .drop_current = arguments.rules.drop_current,
                                .filter_seen = arguments.rules.filter_seen,
                                .last_only = split.last_only,
                                .threads = arguments.machine.thread_count()};
  const BundleFile bundle = BundleFile::open(trained.bundle);
  nlohmann::json json = judge(
      database,
      fmt::format("SELECT session, item, kind FROM parted WHERE {} ORDER BY session, position",
                  split.test),
      bundle, BundleFile::open(trained.item_knn), rules);
  const std::size_t compressed = trained.report["bundle"]["brotli_bytes"];
  if (arguments.json) {
    json["split"] = {{"name", arguments.split}, {"test", split.words}};
    json["training"] = trained.report;
    fmt::print("{}\n", json.dump(2));
    return;
  }
  fmt::print("split: {}\nbundle: {} bytes, {} after brotli\n", split.words,
             with_thousands(trained.bundle.size()), with_thousands(compressed));
  print_judgement(json);
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
                   "leave-one-out, last-days=N or fraction=F (of the sessions, the latest)")
      ->capture_default_str();
  arguments->rules.add_to(*command);
  arguments->training.add_to(*command);
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::train
