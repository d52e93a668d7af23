#include <fmt/format.h>

#include <memory>

#include "analysis/analysis.h"
#include "analysis/experiment_query.h"
#include "base/progress.h"
#include "commands/arguments.h"
#include "commands/experiment.h"
#include "commands/output_check.h"
#include "commands/report_file.h"
#include "commands/step_meter.h"
#include "data/time_column.h"
#include "report/experiment_page.h"

namespace vitrine::commands {
namespace {

struct Arguments {
  ReadFlags flags;
  MachineArguments machine;
  std::string config;
  std::string report;
  bool json = false;
};

std::string percent(double share) { return fmt::format("{:+.2f} %", 100.0 * share); }

std::string range(const stats::Interval& interval) {
  return fmt::format("{:+.2f} .. {:+.2f} %", 100.0 * interval.low, 100.0 * interval.high);
}

void print_units(const analysis::AnalysisResult& result) {
  const statistics::ExperimentLog& log = result.log;
  fmt::print("{}: {} to {} UTC, {} exposures, {} other events\n", result.config.experiment,
             data::format_time(log.from), data::format_time(log.until),
             base::with_thousands(log.exposures), base::with_thousands(log.events));
  for (const analysis::ArmUnits& arm : result.units) {
    fmt::print("  {:<24} {:>12} units\n", arm.variation,
               base::with_thousands(static_cast<std::uint64_t>(arm.units)));
  }
  fmt::print("  sample ratio: p = {:.3g}{}\n", result.sample_ratio.p,
             result.sample_ratio.is_mismatch() ? ", MISMATCH" : "");
}

void print_comparison(const analysis::MetricComparison& one) {
  const analysis::Comparison& found = one.comparison;
  if (found.problem != stats::ComparisonProblem::kNone) {
    fmt::print("  {:<24} cannot be compared: {}\n", one.variation,
               analysis::problem_words(found.problem));
    return;
  }
  fmt::print("  {:<24} lift {}, 95 % {}, p {:.3g}\n", one.variation, percent(found.lift.estimate),
             range(found.test.interval), found.test.p);
  const auto always = found.always_valid_interval();
  fmt::print("  {:<24} valid at any look: {}, p {:.3g}; adjusted p of the verdict {:.3g}\n", "",
             always ? range(*always) : "no interval until both arms have more units",
             found.always_valid_p(), one.adjusted_p);
  fmt::print("  {:<24} chance to win {:.1f} %\n", "",
             100.0 * (found.exact ? found.exact->chance_to_win : found.posterior.chance_to_win));
  if (found.cuped) {
    fmt::print("  {:<24} CUPED takes away {:.0f} % of the variance\n", "",
               100.0 * found.cuped->variance_reduction);
  }
}

void print_metric(const analysis::MetricResult& metric) {
  fmt::print("\n{} ({}, {} is better)", metric.name, analysis::words(metric.role),
             metric.more_is_better ? "more" : "less");
  if (metric.cap) {
    fmt::print(", a unit counts for at most {:.6g}: {} units cut", metric.cap->at,
               base::with_thousands(metric.cap->units));
  }
  fmt::print("\n");
  for (const analysis::ArmMean& arm : metric.arms) {
    fmt::print("  {:<24} mean {:.6g}\n", arm.variation, arm.mean);
  }
  for (const analysis::MetricComparison& one : metric.comparisons) print_comparison(one);
}

void print_analysis(const analysis::AnalysisResult& result) {
  print_units(result);
  for (const data::LogProblem& problem : result.log.problems) {
    fmt::print("  note: {}\n", problem.message);
  }
  for (const analysis::MetricResult& metric : result.metrics) print_metric(metric);
  fmt::print("\n");
  for (const analysis::Verdict& verdict : result.verdicts) {
    fmt::print("verdict on {}: {}. {}\n", verdict.variation, analysis::words(verdict.kind),
               verdict.message);
  }
}

void run(const Arguments& arguments) {
  OutputCheck()
      .writes("--report", arguments.report)
      .reads(arguments.flags)
      .reads("--config", arguments.config)
      .check();
  const analysis::AnalysisConfig config =
      analysis::parse_analysis_config(read_json(arguments.config));
  StepMeter meter;
  data::ReadOptions options = event_options(arguments.flags);
  options.progress = meter.as_read_progress();
  const statistics::ExperimentData data = statistics::read_experiment_log(
      arguments.machine.log_limits(), options, analysis::experiment_query(config));
  meter.finish();
  const analysis::AnalysisResult result =
      analysis::analyze(analysis::UnitOutcomes(config, data), config, data.log);
  if (!arguments.report.empty()) write_page(arguments.report, report::render_experiment(result));
  if (!arguments.json) return print_analysis(result);
  print_json(result);
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
