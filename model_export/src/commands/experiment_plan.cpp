#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/progress.h"
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

/// Everything that can be worked out of what was given.
json plan(const Arguments& a) {
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
  json result = {{"command", "experiment plan"},
                 {"mean", a.mean},
                 {"variance", input.variance},
                 {"alpha", a.alpha},
                 {"alpha_of_each_comparison", input.alpha},
                 {"power", a.power},
                 {"variations", a.variations},
                 {"looks", a.any_looks ? "any" : "once"}};
  if (a.lift != 0.0) {
    const double units = stats::units_per_arm(input, a.lift);
    if (!std::isfinite(units)) refuse("The --lift is too small for any number of units.");
    result["lift"] = a.lift;
    result["units_per_variation"] = std::ceil(units - 1e-6);
    result["units"] = std::ceil(units - 1e-6) * a.variations;
    if (a.units_per_day > 0.0) {
      result["days_needed"] = std::ceil(result["units"].get<double>() / a.units_per_day);
    }
  }
  if (a.days > 0.0) {
    const double units = std::floor(a.days * a.units_per_day / a.variations);
    if (units < 2.0)
      refuse("Fewer than two units a variation; give more --days or --units-per-day.");
    result["days"] = a.days;
    result["units_per_variation_in_days"] = units;
    result["smallest_lift_in_days"] = stats::smallest_lift(input, units, units);
    if (a.lift != 0.0) result["power_in_days"] = stats::power(input, a.lift, units, units);
  }
  return result;
}

void print_plan(const json& result) {
  const auto whole = [](const json& value) {
    return base::with_thousands(static_cast<std::uint64_t>(value.get<double>()));
  };
  if (result.contains("lift")) {
    fmt::print(
        "a lift of {:+.2f} % is detected with {:.0f} % power by {} units a variation, {} in "
        "total\n",
        100.0 * result["lift"].get<double>(), 100.0 * result["power"].get<double>(),
        whole(result["units_per_variation"]), whole(result["units"]));
  }
  if (result.contains("days_needed"))
    fmt::print("that takes {} days\n", whole(result["days_needed"]));
  if (result.contains("days")) {
    fmt::print(
        "in {:g} days, with {} units a variation, the smallest lift that is detected is {:.2f} %\n",
        result["days"].get<double>(), whole(result["units_per_variation_in_days"]),
        100.0 * result["smallest_lift_in_days"].get<double>());
  }
  if (result.contains("power_in_days")) {
    fmt::print("the power for that lift is then {:.1f} %\n",
               100.0 * result["power_in_days"].get<double>());
  }
  if (result["looks"] == "any") {
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
    const json result = plan(*arguments);
    if (!arguments->json) return print_plan(result);
    fmt::print("{}\n", result.dump(2));
  });
}

}  // namespace vitrine::commands
