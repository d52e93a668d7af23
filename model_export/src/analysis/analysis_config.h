#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/event_sum.h"
#include "vitrine/assignment/definition.h"
#include "vitrine/stats/bayes.h"

namespace vitrine::analysis {

using model::EventSum;

enum class MetricKind : std::uint8_t {
  kConversion,  // whether a unit has any such event
  kSum,         // events or values of a unit
  kRatio,       // sum over units of one, by the sum of another
};

[[nodiscard]] std::string_view words(MetricKind kind);

enum class MetricRole : std::uint8_t { kGoal, kGuardrail, kSecondary };
[[nodiscard]] std::string_view words(MetricRole role);

/// A measurement of each unit from its first exposure on.
struct MetricDefinition {
  std::string name;
  MetricKind kind = MetricKind::kConversion;
  MetricRole role = MetricRole::kGoal;
  EventSum numerator;
  EventSum denominator;  // of a ratio
  bool more_is_better = true;
  double cap = 0.0;           // a unit counts for no more than this; 0: no cap
  double cap_quantile = 0.0;  // the cap is this quantile of the units above 0; 0: no such cap
};

enum class Adjustment : std::uint8_t { kNone, kHolm, kBenjaminiHochberg };
[[nodiscard]] std::string_view words(Adjustment adjustment);

/// The settings for analyzing an experiment.
struct AnalysisConfig {
  std::string experiment;
  std::vector<std::string> variations;  // names as the log has them, the control first
  std::vector<double> weights;          // above 0, one each
  /// The experiment as the page has it, where the configuration gives it.
  std::optional<assignment::Experiment> definition;
  std::int64_t from = 0;                // seconds UTC; 0: the first exposure
  std::int64_t until = 0;               // 0: the end of the log
  double window_days = 0.0;             // of a unit, from its first exposure; 0: until the end
  std::uint64_t most_exposures = 1000;  // a unit with more is a bot
  std::vector<MetricDefinition> metrics;
  double alpha = 0.05;
  Adjustment adjustment = Adjustment::kHolm;
  bool any_looks = true;              // the verdict is by the always-valid test; false: by Welch's
  double tuning = 5000.0;             // units for which the confidence sequence is narrowest
  double cuped_days = 0.0;            // before the first exposure; 0: no adjustment
  std::vector<std::string> segments;  // columns of the exposures
  std::optional<stats::GaussianPrior> prior;  // of the relative lift
};

/// Reads a configuration; docs/experiments.md describes it. Throws Error(kUsage) that names a key
/// that is unknown, missing or cannot be used, and what it must be.
[[nodiscard]] AnalysisConfig parse_analysis_config(const nlohmann::json& config);

/// Returns the metrics of a configuration that names none: conversion, revenue, carts and views by
/// unit.
[[nodiscard]] std::vector<MetricDefinition> usual_metrics();

}  // namespace vitrine::analysis
