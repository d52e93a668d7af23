#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>

#include "base/error.h"
#include "base/output_file.h"
#include "base/progress.h"
#include "bundle/bundle_file.h"
#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/judge.h"
#include "commands/output_check.h"
#include "commands/report_file.h"
#include "commands/step_meter.h"
#include "recommend/training/training.h"
#include "recommend/training/training_record.h"
#include "report/report.h"

namespace vitrine::commands {
namespace {

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  TrainArguments training;
  RuleArguments rules;
  std::string out;
  std::string report;
  bool json = false;
};

/// Returns the largest memory of this process so far.
double peak_gigabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  constexpr double kUnit = 1e-9;  // ru_maxrss in bytes
#else
  constexpr double kUnit = 1024e-9;  // in KiB
#endif
  return static_cast<double>(usage.ru_maxrss) * kUnit;
}

/// Prints the choice of settings, if there was one.
void print_choice(const recommend::TrainingReport& report) {
  if (!report.choice) return;
  if (report.choice->resumed > 0) {
    fmt::print("went on from {} settings that an interrupted run had tried\n",
               report.choice->resumed);
  }
  if (report.first_visit) {
    for (const std::string& reason : report.first_visit->reasons) fmt::print("{}\n", reason);
  }
  for (const std::string& reason : report.choice->reasons) fmt::print("{}\n", reason);
}

/// Says which of the kept events pairs of items are counted from.
void print_pairs(const statistics::EventLog::PairEvents& pairs, std::uint32_t longest) {
  std::string out;
  const auto add = [&out](std::int64_t count, const std::string& reason) {
    if (count == 0) return;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ",
                       base::with_thousands(static_cast<std::uint64_t>(count)), reason);
  };
  add(pairs.alone, "alone in their session");
  add(pairs.long_session,
      fmt::format("in sessions of more than {} events", base::with_thousands(longest)));
  add(pairs.removed, "taken out of the cart");
  fmt::print(stderr, "{} of the kept events are counted in pairs{}{}\n",
             base::with_thousands(static_cast<std::uint64_t>(pairs.used)),
             out.empty() ? "" : "; left out of pairs: ", out);
}

nlohmann::json rows_json(const data::ReadReport& read,
                         const statistics::EventLog::PairEvents& pairs) {
  auto refused = nlohmann::json::object();
  for (const auto& [reason, rows] : read.refused) {
    if (rows.count != 0) refused[std::string(data::refused_key(reason))] = rows.count;
  }
  auto aside = nlohmann::json::object();
  for (std::size_t i = 0; i < read.set_aside.size(); ++i) {
    if (read.set_aside[i] != 0) aside[std::string(data::kEventMeaningNames[i])] = read.set_aside[i];
  }
  return {{"read", read.rows_read},
          {"kept", read.rows_kept},
          {"refused", refused},
          {"set_aside", aside},
          {"in_pairs", pairs.used},
          {"left_out_of_pairs",
           {{"alone_in_session", pairs.alone},
            {"long_session", pairs.long_session},
            {"taken_out_of_cart", pairs.removed}}}};
}

void run(const Arguments& arguments) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  OutputCheck()
      .writes("--out", arguments.out)
      .writes("--out", item_knn_path(arguments.out))
      .may_write("--out", journal_path(arguments.out))
      .writes("--report", arguments.report)
      .reads(arguments.flags)
      .reads("--config", arguments.training.config)
      .check();
  recommend::TrainOptions options = arguments.training.train_options(arguments.machine);
  statistics::EventLog log = arguments.machine.open_log();
  StepMeter meter;
  const LogAndItems log_read = read_log(log, arguments.flags, meter.as_read_progress());
  const data::ReadReport& read = log_read.events;
  meter.finish();
  print_problems(log_read);
  const statistics::EventLog::PairEvents pairs = log.pair_events(options.statistics);
  print_pairs(pairs, options.statistics.longest_session);
  if (arguments.rules.given()) {
    options.rules = {arguments.rules.options(false, options.threads)};
  }
  options.settings.session_gap = read.session_gap;
  if (read.whole_histories) options.hold_out = recommend::HoldOut::kLastEvents;
  options.journal = journal_path(arguments.out);
  const auto end_search = [&options] {
    std::error_code none;
    std::filesystem::remove(options.journal, none);
  };
  recommend::Trained trained;
  try {
    trained = recommend::train(log, options, data::summarize(read), meter.as_on_step());
  } catch (const base::Error&) {
    end_search();  // what is wrong with the log or the options will be changed
    throw;
  }
  meter.finish();
  // The baselines are written first: a bundle must never be beside the baselines of another bundle.
  base::write_file(item_knn_path(arguments.out), trained.item_knn);
  base::write_file(arguments.out, trained.bundle);
  end_search();
  recommend::TrainingReport& report = trained.report;
  report.bundle->file = arguments.out;
  if (!arguments.report.empty()) {
    write_page(arguments.report, report::render_report({.kind = report::Report::Kind::kTraining,
                                                        .source = report.source,
                                                        .split = {},
                                                        .judgement = {},
                                                        .sizes = {},
                                                        .training = recommend::record_of(report),
                                                        .examples = {}}));
  }
  if (arguments.json) {
    nlohmann::json result = report;
    result.update({{"rows", rows_json(read, pairs)},
                   {"seconds", seconds()},
                   {"peak_gigabytes", peak_gigabytes()}});
    return print_json(result);
  }
  print_choice(report);
  const std::size_t compressed = report.bundle->brotli_bytes;
  const recommend::TrainingCounts& counts = report.counts;
  fmt::print("{}: {} items, {} session weights, {} bytes ({} after brotli, {:.1f} per item)\n",
             arguments.out, base::with_thousands(counts.items),
             base::with_thousands(report.bundle->session_entries),
             base::with_thousands(trained.bundle.size()), base::with_thousands(compressed),
             static_cast<double>(compressed) / static_cast<double>(counts.items));
  fmt::print("trained on {} events of {} sessions in {}, {:.2f} GB of memory at most\n",
             base::with_thousands(counts.events), base::with_thousands(counts.sessions),
             base::human_duration(seconds()), peak_gigabytes());
  print_floor(report);
  print_new_items(report);
}

}  // namespace

void add_train_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("train", "Train a bundle from event logs");
  add_event_flags(*command, arguments->flags);
  add_item_flags(*command, arguments->flags);
  command->add_option("--out", arguments->out, "The bundle to write")
      ->required()
      ->type_name("FILE");
  arguments->training.add_to(*command);
  arguments->rules.add_to(*command);
  add_report_option(*command, arguments->report);
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print the report as JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
