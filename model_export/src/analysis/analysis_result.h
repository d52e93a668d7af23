#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/analysis_config.h"
#include "analysis/comparison.h"
#include "statistics/experiment_log.h"
#include "vitrine/stats/frequentist.h"
#include "vitrine/stats/sample_ratio.h"

namespace vitrine::analysis {

/// Units of a variation, and the share that it should have of all.
struct ArmUnits {
  std::string variation;
  double units = 0.0;
  double weight = 0.0;
};

enum class VerdictKind : std::uint8_t {
  kBlocked,    // the sample ratio is off: no comparison can be trusted
  kUndecided,  // a goal or guardrail cannot be compared
  kHarmful,    // a guardrail got worse
  kMixed,
  kBetter,
  kWorse,
  kNoDifference,
};
[[nodiscard]] std::string_view words(VerdictKind kind);

struct Verdict {
  std::string variation;
  VerdictKind kind = VerdictKind::kNoDifference;
  std::string message;  // a sentence that says why
};

/// A metric in one variation.
struct ArmMean {
  std::string variation;
  double units = 0.0;
  double mean = 0.0;
  double sd = 0.0;  // of a unit's value
};

/// A metric of a treatment beside the control. Where the arms cannot be compared, the last two
/// members have no meaning.
struct MetricComparison {
  std::string variation;
  Comparison comparison;
  double adjusted_p = 1.0;  // of the verdict
  int direction = 0;        // -1 worse, 0 no difference found, 1 better
};

/// The largest value that a unit counts for, and the number of units that this cuts.
struct Cap {
  double at = 0.0;
  std::uint64_t units = 0;
};

/// Shares of the units that have at least a value, for some values ascending.
struct Distribution {
  struct Arm {
    std::string variation;
    std::vector<double> share_at_least;  // one for each value
  };
  std::vector<double> values;
  std::vector<Arm> arms;
};

struct MetricResult {
  std::string name;
  MetricRole role = MetricRole::kGoal;
  MetricKind kind = MetricKind::kConversion;
  bool more_is_better = true;
  std::optional<Cap> cap;
  std::vector<ArmMean> arms;
  std::vector<MetricComparison> comparisons;
  std::optional<Distribution> distribution;  // of sums alone
};

/// A goal among the units of one part of a segment. `adjusted_p` is by Benjamini and Hochberg over
/// all of them; it has no meaning where the arms cannot be compared.
struct SegmentComparison {
  std::string metric;
  std::string variation;
  Comparison comparison;
  double adjusted_p = 1.0;
};

/// Goals by the values of one column of the exposures.
struct SegmentResult {
  struct Part {
    std::string name;
    std::uint64_t units = 0;
    std::vector<SegmentComparison> comparisons;
  };
  std::string name;
  std::vector<Part> parts;
};

/// Goals as they stood when a day ended. A comparison that is not settled yet is left out.
struct CoursePoint {
  struct Lift {
    std::string metric;
    std::string variation;
    double lift = 0.0;
    stats::Interval interval;  // valid at all looks together
  };
  int day = 0;                // from 1
  std::vector<double> units;  // by variation
  double sample_ratio_p = 1.0;
  std::vector<Lift> lifts;
};

/// The result of an analysis.
struct AnalysisResult {
  AnalysisConfig config;          // how it was judged
  statistics::ExperimentLog log;  // what it was judged by
  int days = 0;
  std::vector<ArmUnits> units;  // by variation, the control first
  stats::SampleRatio sample_ratio;
  std::vector<Verdict> verdicts;  // by treatment
  std::vector<MetricResult> metrics;
  std::vector<SegmentResult> segments;
  std::vector<CoursePoint> course;  // by day
};

/// As `vitrine experiment analyze --json` prints it; docs/experiments.md describes it.
void to_json(nlohmann::json& out, const AnalysisResult& result);

}  // namespace vitrine::analysis
