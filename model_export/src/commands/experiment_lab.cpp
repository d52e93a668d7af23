#include <fmt/format.h>

#include <memory>
#include <mutex>

#include "base/progress.h"
#include "commands/arguments.h"
#include "commands/experiment.h"
#include "laboratory/lab.h"

namespace vitrine::commands {
namespace {

struct Arguments {
  laboratory::LabOptions options;
  MachineArguments machine;
  bool json = false;
};

std::string percent(double share) { return fmt::format("{:6.2f} %", 100.0 * share); }

void print_line(const std::string& words, const std::string& value, const std::string& wanted) {
  fmt::print("  {:<58}{:>10}   {}\n", words, value, wanted);
}

void print_tests(const laboratory::TestLab& lab) {
  const laboratory::TestLab::Same& same = lab.same;
  const laboratory::TestLab::Different& different = lab.different;
  const laboratory::TestLab::ChanceToWin& chance = lab.chance_to_win;
  fmt::print("{} tests of {} units each, units assigned by hash\n", base::with_thousands(lab.tests),
             base::with_thousands(lab.units));
  fmt::print("no difference:\n");
  for (const auto& [metric, value] : same.false_positives) {
    print_line("false positives, one look: " + metric, percent(value), "5 %");
  }
  const std::string looks = fmt::format("{} looks", lab.looks);
  print_line("false positives, " + looks + ": always valid", percent(same.peeking_always_valid),
             "at most 5 %");
  print_line("false positives, " + looks + ": Welch's test, which is wrong",
             percent(same.peeking_welch), "");
  print_line("variance that CUPED takes away", percent(same.cuped_variance_reduction), "");
  fmt::print("a lift of {:.2f} %:\n", 100.0 * different.lift);
  print_line("power, one look: conversion", percent(different.power.at("conversion")),
             "80 % planned");
  print_line("power, " + looks + ": always valid", percent(different.power_always_valid), "");
  for (const auto& [metric, value] : different.coverage) {
    print_line("interval holds the truth: " + metric, percent(value), "95 %");
  }
  print_line("always-valid interval holds the truth at all looks",
             percent(different.always_valid_coverage), "at least 95 %");
  fmt::print("lifts drawn from the prior:\n");
  print_line("chance to win, mean error of calibration: gaussian", percent(chance.gaussian.error),
             "near 0 %");
  print_line("chance to win, the same with a flat prior: beta-binomial",
             percent(chance.beta_binomial.error), "near 0 %");
  print_line("expected loss of the better choice", percent(chance.expected_loss), "");
  print_line("loss that came", percent(chance.loss), "as expected");
  fmt::print("sample ratio:\n");
  print_line("alarms where nothing is wrong", percent(lab.sample_ratio.false_alarms), "0.1 %");
  print_line(fmt::format("alarms where one arm loses {:.0f} % of its units",
                         100.0 * lab.sample_ratio.lost_share),
             percent(lab.sample_ratio.alarms_when_lost), "");
}

/// Prints the quality of each estimator of a replay. `holds` describes its interval.
void print_estimators(const laboratory::EstimatorErrors& errors, const char* holds) {
  const auto print = [holds](const char* name, const laboratory::ErrorSummary& one) {
    print_line(fmt::format("{}: {}", holds, name), percent(one.coverage), "95 %");
    print_line(fmt::format("error (root mean square), bias: {}", name),
               fmt::format("{:.5f}", one.error), fmt::format("{:+.5f}", one.bias));
  };
  print("IPS", errors.ips);
  print("SNIPS", errors.snips);
  print("doubly robust", errors.doubly_robust);
}

void print_replay(const laboratory::ReplayLab& lab) {
  fmt::print("replay of {} logs, true value {:.5f}, effective sample size {:.0f}:\n",
             base::with_thousands(lab.logs), lab.truth, lab.effective_size);
  print_estimators(lab.errors, "interval holds the truth");
}

void print_bandits(const laboratory::BanditLab& lab) {
  fmt::print("bandit slots of {} units in {} logs, {:.1f} rounds each, rates [{}]:\n",
             base::with_thousands(lab.units), base::with_thousands(lab.logs), lab.rounds,
             fmt::join(lab.rates, ","));
  for (const laboratory::BanditLab::Policy& policy : lab.policies) {
    print_line("lost of 1,000 rounds' rewards: " + policy.name,
               fmt::format("{:.2f}", 1000.0 * policy.regret), "");
  }
  print_estimators(lab.replay, "replay holds the true value of a variation");
}

void print_shops(const laboratory::ShopLab& lab) {
  fmt::print("logs of {} simulated shops of {} shoppers, read back by analyze and replay:\n",
             base::with_thousands(lab.shops), base::with_thousands(lab.shoppers));
  for (const auto& [metric, value] : lab.coverage) {
    print_line(fmt::format("interval holds the truth, a mean lift of {:.1f} %: {}",
                           100.0 * lab.lift.at(metric), metric),
               percent(value), "95 %");
  }
  for (const auto& [metric, value] : lab.false_positives) {
    print_line("false positives, one look: " + metric, percent(value), "5 %");
  }
  print_line("verdicts without an effect, any look", percent(lab.verdicts_without_effect),
             "at most 5 %");
  print_line("verdicts \"better\" with the effect, any look", percent(lab.verdicts_better), "");
  print_line("alarms of the sample ratio", percent(lab.sample_ratio_alarms), "0.1 %");
  const auto print = [&](const char* name, const laboratory::ShopLab::Estimator& one) {
    print_line(
        fmt::format("replay of a bundle holds its true value, {:.5f}: {}", lab.replay.truth, name),
        percent(one.coverage), fmt::format("95 %, bias {:+.5f}", one.bias));
  };
  print("IPS", lab.replay.ips);
  print("SNIPS", lab.replay.snips);
  print("doubly robust", lab.replay.doubly_robust);
}

void run(Arguments arguments) {
  arguments.options.threads = arguments.machine.thread_count();
  base::Progress progress("simulating", 3ULL * arguments.options.tests, "tests", false);
  std::mutex drawing;
  arguments.options.progress = [&](std::uint64_t done) {
    const std::lock_guard lock(drawing);
    progress.update(done);
  };
  laboratory::LabResult result{.tests = laboratory::run_test_lab(arguments.options),
                               .replay = laboratory::run_replay_lab(arguments.options),
                               .bandits = laboratory::run_bandit_lab(arguments.options),
                               .shops = {}};
  if (arguments.options.shops > 0) result.shops = laboratory::run_shop_lab(arguments.options);
  progress.finish();
  if (arguments.json) return print_json(result);
  print_tests(result.tests);
  print_replay(result.replay);
  print_bandits(result.bandits);
  if (result.shops) print_shops(*result.shops);
}

}  // namespace

void add_experiment_lab_command(CLI::App& experiment) {
  auto arguments = std::make_shared<Arguments>();
  laboratory::LabOptions& options = arguments->options;
  CLI::App* command = experiment.add_subcommand(
      "lab",
      "Simulate experiments with known effects, and count how often the statistics are right");
  command->add_option("--tests", options.tests, "Number of tests of each kind")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  command->add_option("--units", options.units, "Number of units of each test")
      ->check(CLI::Range(1000, 10'000'000))
      ->capture_default_str();
  command->add_option("--replays", options.replays, "Number of logs that are replayed")
      ->check(CLI::Range(2, 1'000'000))
      ->capture_default_str();
  command->add_option("--shops", options.shops, "Number of simulated shops whose logs are analyzed")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  command->add_option("--shoppers", options.shoppers, "Number of shoppers of each shop")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  command->add_option("--seed", options.seed, "Seed of all random numbers")
      ->check(whole_number())
      ->capture_default_str();
  arguments->machine.add_to(*command);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace vitrine::commands
