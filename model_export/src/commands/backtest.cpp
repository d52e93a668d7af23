#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include "base/error.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/judge.h"
#include "commands/report_file.h"
#include "commands/step_meter.h"
#include "data/time_column.h"
#include "recommend/training/training.h"
#include "report/examples.h"
#include "vitrine/format/content_hash.h"
#include "vitrine/split_mix.h"

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

/// How `log` is parted: conditions on its rows.
struct Split {
  std::string train;  // rows to train on
  std::string test;   // rows to predict, with what precedes them in the session
  bool last_only = false;
  std::string words;
  recommend::HoldOut hold_out = recommend::HoldOut::kLastSessions;  // how settings are chosen
  std::string asked = "true";  // rows of the test that have to be predicted
};

double number_after(const std::string& text, std::size_t at) {
  double value = 0.0;
  const auto [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || !(value > 0.0)) {
    throw base::Error(base::ExitCode::kUsage,
                      fmt::format("--split {}: a positive number must follow the \"=\".", text));
  }
  return value;
}

Split parse_split(data::Database& database, const std::string& text) {
  if (text == "leave-one-out") {
    // The last two events of a session stay out of training, as the published protocols have it:
    // one would be for validation. The last is predicted from all before it.
    return {.train = "position < length - 2",
            .test = "length >= 3",
            .last_only = true,
            .words = "last event of each session; the last two are not used in training",
            .hold_out = recommend::HoldOut::kLastEvents};
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
      throw base::Error(base::ExitCode::kUsage,
                        "--split fraction=F needs F below 1, for example 0.1.");
    const std::string cut = fmt::format("(SELECT (max(session) + 1) * {} FROM log)", 1.0 - share);
    return {.train = "session < " + cut,
            .test = "session >= " + cut,
            .words = fmt::format("last {:g} % of the sessions", share * 100)};
  }
  if (text.starts_with("since=")) {
    const std::string time = text.substr(6);
    std::string quoted = "'";
    for (const char c : time) quoted += c == '\'' ? "''" : std::string(1, c);
    const std::string seconds = data::time_text_sql(quoted + "'", {});
    if (database.query_int64(fmt::format("SELECT coalesce({}, -1)", seconds)) < 0) {
      throw base::Error(base::ExitCode::kUsage,
                        fmt::format("--split {}: write a time such as since=2026-03-01 or "
                                    "since=2026-03-01T12:00:00.",
                                    text));
    }
    return {.train = "time < " + seconds,
            .test = fmt::format("ended >= {}", seconds),
            .words = "events since " + time + ", from all before them in the session",
            .hold_out = recommend::HoldOut::kLatestEvents,
            .asked = "time >= " + seconds};
  }
  throw base::Error(
      base::ExitCode::kUsage,
      fmt::format("--split {} is not one of leave-one-out, last-days=N, fraction=F, since=TIME.",
                  text));
}

/// The budgets of --pareto.
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

/// A share of the items that the catalogue and `events` have, the same for every order of rows.
/// Takes their events out of `events`.
std::vector<std::string> hide_items(data::Database& database, double share, std::uint64_t seed) {
  std::vector<std::string> hidden;
  database.execute("CREATE TABLE hidden_items (id VARCHAR)");
  {
    data::Rows rows = database.query(
        "SELECT DISTINCT id FROM catalogue SEMI JOIN events ON catalogue.id = events.item ORDER BY "
        "id");
    data::Appender appender = database.append_to("hidden_items");
    while (const data::Chunk* chunk = rows.next()) {
      for (std::size_t i = 0; i < chunk->size(); ++i) {
        const std::string_view id = chunk->text(0, i);
        const std::uint64_t hash = content_hash(std::as_bytes(std::span(id)));
        if (SplitMix(hash + seed).uniform() >= share) continue;
        hidden.emplace_back(id);
        appender.add(id);
        appender.end_row();
      }
    }
    appender.close();
  }
  database.execute(
      "CREATE OR REPLACE TABLE events AS SELECT * FROM events ANTI JOIN hidden_items ON "
      "events.item = hidden_items.id");
  return hidden;
}

void run(const Arguments& arguments) {
  check_report_path(arguments.report);
  static_cast<void>(asked_sizes(arguments));  // a typo must not cost a training
  data::Database database = arguments.machine.open_database();
  const Split split = parse_split(database, arguments.split);
  const recommend::EvaluationOptions rules =
      arguments.rules.options(split.last_only, arguments.machine.thread_count());
  recommend::TrainOptions options = arguments.training.train_options(arguments.machine);
  // What is measured is what settings are chosen for.
  options.rules = {rules};
  options.hold_out = split.hold_out;
  StepMeter meter;
  data::ReadOptions events = event_options(arguments.flags);
  events.progress = meter.as_read_progress();
  const data::ReadReport read = data::read_events(database, events, "log");
  read_items_if_given(database, arguments.flags);
  print_problems(read);
  options.settings.session_gap = read.session_gap;
  database.execute(fmt::format(
      "CREATE TABLE parted AS SELECT * REPLACE ((row_number() OVER (PARTITION BY "
      "session ORDER BY position) - 1)::INTEGER AS position), count(*) OVER w AS "
      "length, min(time) OVER w AS started, max(time) OVER w AS ended FROM log WHERE kind <> 4 "
      "WINDOW w AS (PARTITION BY session);"
      "CREATE TABLE events AS SELECT * EXCLUDE (length, started, ended) FROM parted WHERE {}",
      split.train));
  if (database.query_int64("SELECT count(*) FROM events") == 0) {
    throw base::Error(base::ExitCode::kDataUnusable,
                      fmt::format("--split {} leaves no events for training.", arguments.split));
  }
  std::vector<std::string> hidden;
  if (arguments.hide_items > 0.0) {
    // To the log they look like items that nobody wants.
    if (options.content.weight == 0.0F) options.content.weight = 1.0F;
    hidden = hide_items(database, arguments.hide_items, arguments.training.seed);
    if (hidden.empty() || database.query_int64("SELECT count(*) FROM events") == 0) {
      throw base::Error(
          base::ExitCode::kDataUnusable,
          fmt::format("--hide-items {}: {} item to hide; give another share.", arguments.hide_items,
                      hidden.empty() ? "there is no" : "leaves no"));
    }
  }
  const recommend::Trained trained = recommend::train(database, options, describe(read),
                                                      meter.as_on_step(), asked_sizes(arguments));
  meter.finish();

  const bundle::BundleFile bundle = bundle::BundleFile::open(trained.bundle);
  const recommend::TestQuery query = recommend::test_query("parted", split.test, split.asked);
  nlohmann::json json =
      judge(database, query, bundle, bundle::BundleFile::open(trained.item_knn), rules, hidden);
  json["command"] = "backtest";
  json["split"] = {{"name", arguments.split}, {"test", split.words}};
  json["source"] = trained.report["source"];
  json["training"] = trained.report;
  if (!trained.sizes.empty()) {
    json["pareto"] =
        judge_sizes(trained.sizes, recommend::read_test_sessions(database, query, bundle.bundle()),
                    bundle.bundle(), rules);
  }
  if (!arguments.report.empty()) {
    write_report(arguments.report, json, report::make_examples(database, query, bundle, rules));
  }
  if (arguments.json) {
    fmt::print("{}\n", json.dump(2));
    return;
  }
  const std::size_t compressed = trained.report["bundle"]["brotli_bytes"];
  fmt::print("split: {}\nbundle: {} bytes, {} after brotli\n", split.words,
             base::with_thousands(trained.bundle.size()), base::with_thousands(compressed));
  print_new_items(trained.report);
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
