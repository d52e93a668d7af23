#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "base/progress.h"
#include "commands/arguments.h"
#include "commands/experiment.h"
#include "vitrine/stats/power.h"

namespace vitrine::commands {
namespace {

using nlohmann::json;

struct Arguments {
  double mean = 0.0;
  double sd = 0.0;  // 0: a rate
  double lift = 0.0;
  double alpha = 0.05;
  double power = 0.8;
  double units_per_day = 0.0;
  double days = 0.0;
  unsigned variations = 2;
  unsigned comparisons = 0;  // 0: one for each treatment
  double reduction = 0.0;
  double tuning = 5000.0;
  bool any_looks = false;
  bool json = false;
};

[[noreturn]] void refuse(const std::string& message) {
  throw base::Error(base::ExitCode::kUsage, message);
}

/// The units that a lift needs.
struct NeededUnits {
  double lift = 0.0;
  double units_per_variation = 0.0;
  double units = 0.0;
  std::optional<double> days;  // where the units of a day are known
};

/// The smallest lift that a number of days shows.
struct SeenInDays {
  double days = 0.0;
  double units_per_variation = 0.0;
  double smallest_lift = 0.0;
  std::optional<double> power;  // for the lift, where one is given
};

struct Plan {
  stats::PlanInput input;
  double alpha = 0.0;  // of all comparisons together
  unsigned variations = 0;
  bool any_looks = false;
  std::optional<NeededUnits> needed;
  std::optional<SeenInDays> seen;
};

void to_json(json& out, const Plan& plan) {
  out = {{"command", "experiment plan"},
         {"mean", plan.input.mean},
         {"variance", plan.input.variance},
         {"alpha", plan.alpha},
         {"alpha_of_each_comparison", plan.input.alpha},
         {"power", plan.input.power},
         {"variations", plan.variations},
         {"looks", plan.any_looks ? "any" : "once"}};
  if (const auto& needed = plan.needed) {
    out.update({{"lift", needed->lift},
                {"units_per_variation", needed->units_per_variation},
                {"units", needed->units}});
    if (needed->days) out.push_back({"days_needed", *needed->days});
  }
  if (const auto& seen = plan.seen) {
    out.update({{"days", seen->days},
                {"units_per_variation_in_days", seen->units_per_variation},
                {"smallest_lift_in_days", seen->smallest_lift}});
    if (seen->power) out.push_back({"power_in_days", *seen->power});
  }
}

/// Computes everything that follows from the given values.
Plan make_plan(const Arguments& a) {
  if (a.sd == 0.0 && (a.mean <= 0.0 || a.mean >= 1.0)) {
    refuse(
        "Without --sd, --mean is a rate between 0 and 1; give --sd for amounts such as revenue.");
  }
  if (a.lift == 0.0 && a.days == 0.0) {
    refuse(
        "Give --lift to compute the number of units, or --days with --units-per-day to compute the "
        "smallest lift.");
  }
  if (a.days > 0.0 && a.units_per_day == 0.0) refuse("--days needs --units-per-day.");
  const unsigned comparisons = a.comparisons > 0 ? a.comparisons : a.variations - 1;
  const stats::PlanInput input{
      .mean = a.mean,
      .variance = (a.sd > 0.0 ? a.sd * a.sd : a.mean * (1.0 - a.mean)) * (1.0 - a.reduction),
      .alpha = a.alpha / comparisons,
      .power = a.power,
      .tuning = a.any_looks ? a.tuning : 0.0};
  Plan plan{.input = input,
            .alpha = a.alpha,
            .variations = a.variations,
            .any_looks = a.any_looks,
            .needed = {},
            .seen = {}};
  if (a.lift != 0.0) {
    const double exact = stats::units_per_arm(input, a.lift);
    if (!std::isfinite(exact)) refuse("The --lift is too small for any number of units.");
    const double units = std::ceil(exact - 1e-6);
    plan.needed = {
        .lift = a.lift, .units_per_variation = units, .units = units * a.variations, .days = {}};
    if (a.units_per_day > 0.0) plan.needed->days = std::ceil(plan.needed->units / a.units_per_day);
  }
  if (a.days > 0.0) {
    const double units = std::floor(a.days * a.units_per_day / a.variations);
    if (units < 2.0)
      refuse("Fewer than two units a variation; give more --days or --units-per-day.");
    plan.seen = {.days = a.days,
                 .units_per_variation = units,
                 .smallest_lift = stats::smallest_lift(input, units, units),
                 .power = {}};
    if (a.lift != 0.0) plan.seen->power = stats::power(input, a.lift, units, units);
  }
  return plan;
}

void print_plan(const Plan& plan) {
  const auto whole = [](double value) {
    return base::with_thousands(static_cast<std::uint64_t>(value));
  };
  if (const auto& needed = plan.needed) {
    fmt::print(
        "a lift of {:+.2f} % is detected with {:.0f} % power by {} units a variation, {} in "
        "total\n",
        100.0 * needed->lift, 100.0 * plan.input.power, whole(needed->units_per_variation),
        whole(needed->units));
    if (needed->days) fmt::print("that takes {} days\n", whole(*needed->days));
  }
  if (const auto& seen = plan.seen) {
    fmt::print(
        "in {:g} days, with {} units a variation, the smallest lift that is detected is {:.2f} %\n",
        seen->days, whole(seen->units_per_variation), 100.0 * seen->smallest_lift);
    if (seen->power) {
      fmt::print("the power for that lift is then {:.1f} %\n", 100.0 * *seen->power);
    }
  }
  if (plan.any_looks) {
    fmt::print(
        "for the test that is valid at any time: this is the power at the last look; earlier looks "
        "increase it\n");
  }
}

}  // namespace

void add_experiment_plan_command(CLI::App& experiment) {
  auto arguments = std::make_shared<Arguments>();
  Arguments& a = *arguments;
  CLI::App* command = experiment.add_subcommand(
      "plan", "Compute units, days, smallest lift and power of an experiment before it starts");
  command->add_option("--mean", a.mean, "Mean of the metric today: a rate, or an amount with --sd")
      ->required();
  command
      ->add_option("--sd", a.sd, "Standard deviation of a unit's amount; default: that of a rate")
      ->check(CLI::PositiveNumber);
  command->add_option("--lift", a.lift, "Relative change to be detected, such as 0.05")
      ->check(CLI::Range(-0.999, 100.0));
  command->add_option("--units-per-day", a.units_per_day, "New units a day, in all variations")
      ->check(CLI::PositiveNumber);
  command->add_option("--days", a.days, "Days that the experiment may take")
      ->check(CLI::PositiveNumber);
  command->add_option("--variations", a.variations, "Number of variations, including the control")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  command
      ->add_option(
          "--comparisons", a.comparisons,
          "Number of comparisons that divide alpha (Bonferroni); default: one for each treatment")
      ->check(CLI::Range(1, 10000));
  command->add_option("--alpha", a.alpha, "Probability of a false alarm, two-sided")
      ->check(CLI::Range(1e-6, 0.5))
      ->capture_default_str();
  command->add_option("--power", a.power, "Probability of detecting the lift")
      ->check(CLI::Range(0.01, 0.9999))
      ->capture_default_str();
  command->add_option("--reduction", a.reduction, "Share of the variance that CUPED removes")
      ->check(CLI::Range(0.0, 0.99))
      ->capture_default_str();
  command->add_flag("--any-looks", a.any_looks, "Plan for the test that is valid at any time");
  command
      ->add_option("--tuning", a.tuning,
                   "With --any-looks: number of units for which the interval is narrowest")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_flag("--json", a.json, "Print JSON");
  command->callback([arguments] {
    const Plan plan = make_plan(*arguments);
    if (!arguments->json) return print_plan(plan);
    print_json(plan);
  });
}

}  // namespace vitrine::commands
