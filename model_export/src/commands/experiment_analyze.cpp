#include <fmt/format.h>

#include <memory>

#include "analysis/analysis.h"
#include "base/progress.h"
#include "commands/arguments.h"
#include "commands/experiment.h"
#include "commands/report_file.h"
#include "commands/step_meter.h"

namespace vitrine::commands {
namespace {

using nlohmann::json;

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  std::string config;
  std::string report;
  bool json = false;
};

std::string percent(const json& share) {
  return fmt::format("{:+.2f} %", 100.0 * share.get<double>());
}

std::string range(const json& interval) {
  return fmt::format("{:+.2f} .. {:+.2f} %", 100.0 * interval[0].get<double>(),
                     100.0 * interval[1].get<double>());
}

void print_units(const json& result) {
  const json& source = result["source"];
  fmt::print("{}: {} to {} UTC, {} exposures, {} other events\n",
             result["experiment"].get<std::string>(), source["from"].get<std::string>(),
             source["until"].get<std::string>(), base::with_thousands(source["exposures"]),
             base::with_thousands(source["events"]));
  for (const json& arm : result["units"]) {
    fmt::print("  {:<24} {:>12} units\n", arm["variation"].get<std::string>(),
               base::with_thousands(static_cast<std::uint64_t>(arm["units"].get<double>())));
  }
  const json& ratio = result["sample_ratio"];
  fmt::print("  sample ratio: p = {:.3g}{}\n", ratio["p"].get<double>(),
             ratio["mismatch"].get<bool>() ? ", MISMATCH" : "");
}

void print_metric(const json& metric) {
  fmt::print("\n{} ({}, {} is better)", metric["name"].get<std::string>(),
             metric["role"].get<std::string>(), metric["better"].get<std::string>());
  if (!metric["cap"].is_null()) {
    fmt::print(", a unit counts for at most {:.6g}: {} units cut",
               metric["cap"]["at"].get<double>(), base::with_thousands(metric["cap"]["units"]));
  }
  fmt::print("\n");
  for (const json& arm : metric["arms"]) {
    fmt::print("  {:<24} mean {:.6g}\n", arm["variation"].get<std::string>(),
               arm["mean"].get<double>());
  }
  for (const json& one : metric["comparisons"]) {
    const auto name = one["variation"].get<std::string>();
    if (one.contains("trouble")) {
      fmt::print("  {:<24} cannot be compared: {}\n", name, one["trouble"].get<std::string>());
      continue;
    }
    const json& bayes = one.contains("beta_binomial") ? one["beta_binomial"] : one["bayes"];
    fmt::print("  {:<24} lift {}, 95 % {}, p {:.3g}\n", name, percent(one["lift"]),
               range(one["interval"]), one["p"].get<double>());
    const json& always = one["always_valid"];
    const std::string bounds =
        always["interval"].is_null()
            ? "too few units yet"
            : fmt::format("{}, p {:.3g}", range(always["interval"]), always["p"].get<double>());
    fmt::print("  {:<24} valid at any look: {}; adjusted p of the verdict {:.3g}\n", "", bounds,
               one["adjusted_p"].get<double>());
    fmt::print("  {:<24} chance to win {:.1f} %\n", "",
               100.0 * bayes["chance_to_win"].get<double>());
    if (one.contains("cuped")) {
      fmt::print("  {:<24} CUPED takes away {:.0f} % of the variance\n", "",
                 100.0 * one["cuped"]["variance_reduction"].get<double>());
    }
  }
}

void print_analysis(const json& result) {
  print_units(result);
  for (const json& problem : result["problems"]) {
    fmt::print("  note: {}\n", problem["message"].get<std::string>());
  }
  for (const json& metric : result["metrics"]) print_metric(metric);
  fmt::print("\n");
  for (const json& verdict : result["verdicts"]) {
    fmt::print("verdict on {}: {}. {}\n", verdict["variation"].get<std::string>(),
               verdict["verdict"].get<std::string>(), verdict["message"].get<std::string>());
  }
}

void run(const Arguments& arguments) {
  check_report_path(arguments.report);
  const analysis::AnalysisConfig config =
      analysis::parse_analysis_config(read_json(arguments.config));
  data::Database database = arguments.machine.open_database();
  StepMeter meter;
  data::ReadOptions options = event_options(arguments.flags);
  options.progress = meter.as_read_progress();
  const analysis::ExperimentLog log = analysis::read_experiment_log(
      database, options, config, analysis::value_columns(config.metrics));
  meter.finish();
  const json result = analysis::analyze(analysis::UnitOutcomes(database, config, log), config, log);
  if (!arguments.report.empty()) write_report(arguments.report, result);
  if (!arguments.json) return print_analysis(result);
  fmt::print("{}\n", result.dump(2, ' ', false, json::error_handler_t::replace));
}

}  // namespace

void add_experiment_analyze_command(CLI::App& experiment) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      experiment.add_subcommand("analyze", "Analyze an experiment from the log of its exposures");
  add_event_flags(*command, arguments->flags);
  command
      ->add_option(
          "--config", arguments->config,
          "JSON file with experiment, variations and metrics; docs/experiments.md describes it")
      ->required()
      ->type_name("FILE");
  add_report_option(*command, arguments->report);
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
