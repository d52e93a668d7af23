#include "analysis/analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "analysis/comparison.h"
#include "vitrine/stats/multiple.h"
#include "vitrine/stats/sample_ratio.h"

namespace vitrine::analysis {
namespace {

using stats::ComparisonProblem;
using stats::Moments;

constexpr int kMostPoints = 60;  // of a course over time
constexpr int kBins = 24;        // of a distribution

/// A comparison with its metric and treatment.
struct Entry {
  std::size_t metric;
  std::size_t treatment;  // index of the variation
  Comparison comparison;
  double adjusted = 1.0;  // p-value of the verdict, adjusted
};

class Analysis {
 public:
  Analysis(const UnitOutcomes& outcomes, const AnalysisConfig& config,
           const statistics::ExperimentLog& log)
      : outcomes_(outcomes), config_(config), log_(log) {
    ratio_ = stats::sample_ratio(outcomes.counts(), config.weights);
    for (std::size_t metric = 0; metric < config.metrics.size(); ++metric) {
      moments_.push_back(outcomes.moments(metric));
      for (std::size_t arm = 1; arm < config.variations.size(); ++arm) {
        entries_.push_back({metric, arm,
                            compare(moments_[metric][0], moments_[metric][arm],
                                    config.metrics[metric], config, true)});
      }
    }
    for (const MetricRole role : {MetricRole::kGoal, MetricRole::kSecondary}) adjust(role);
    for (Entry& entry : entries_) {
      // A missed problem of a guardrail costs more than a false alarm, so guardrails are not
      // adjusted.
      if (role_of(entry) == MetricRole::kGuardrail) entry.adjusted = p_of(entry);
    }
  }

  [[nodiscard]] AnalysisResult result() const {
    return {.config = config_,
            .log = log_,
            .days = outcomes_.days(),
            .units = units(),
            .sample_ratio = ratio_,
            .verdicts = verdicts(),
            .metrics = metrics(),
            .segments = segments(),
            .course = course()};
  }

 private:
  [[nodiscard]] MetricRole role_of(const Entry& entry) const {
    return config_.metrics[entry.metric].role;
  }
  [[nodiscard]] double p_of(const Entry& entry) const {
    return entry.comparison.problem == ComparisonProblem::kNone ? entry.comparison.verdict_p : 1.0;
  }

  void adjust(MetricRole role) {
    std::vector<Entry*> family;
    std::vector<double> p;
    for (Entry& entry : entries_) {
      if (role_of(entry) != role || entry.comparison.problem != ComparisonProblem::kNone) continue;
      family.push_back(&entry);
      p.push_back(p_of(entry));
    }
    if (config_.adjustment == Adjustment::kHolm) p = stats::holm(p);
    if (config_.adjustment == Adjustment::kBenjaminiHochberg) p = stats::benjamini_hochberg(p);
    for (std::size_t i = 0; i < p.size(); ++i) family[i]->adjusted = p[i];
  }

  [[nodiscard]] std::vector<ArmUnits> units() const {
    std::vector<ArmUnits> list;
    const std::vector<double> counts = outcomes_.counts();
    for (std::size_t arm = 0; arm < counts.size(); ++arm) {
      list.push_back({config_.variations[arm], counts[arm], config_.weights[arm]});
    }
    return list;
  }

  /// -1 worse, 0 nothing found, 1 better.
  [[nodiscard]] int direction(const Entry& entry) const {
    if (entry.comparison.problem != ComparisonProblem::kNone || entry.adjusted >= config_.alpha)
      return 0;
    const bool more = entry.comparison.lift.estimate > 0.0;
    return more == config_.metrics[entry.metric].more_is_better ? 1 : -1;
  }

  [[nodiscard]] Verdict verdict(std::size_t treatment) const {
    const auto say = [&](VerdictKind kind, const std::string& message) {
      return Verdict{config_.variations[treatment], kind, message};
    };
    if (ratio_.is_mismatch()) {
      return say(
          VerdictKind::kBlocked,
          fmt::format("The numbers of units in the arms do not match their weights (p = {:.2g}). "
                      "Units get lost or change the arm, so no comparison can be trusted. Find the "
                      "cause first: redirects, crashes, bots, late exposures, a changed weight.",
                      ratio_.p));
    }
    std::string better;
    std::string worse;
    for (const Entry& entry : entries_) {
      if (entry.treatment != treatment) continue;
      const MetricDefinition& metric = config_.metrics[entry.metric];
      if (metric.role == MetricRole::kSecondary) continue;
      if (entry.comparison.problem != ComparisonProblem::kNone) {
        return say(VerdictKind::kUndecided,
                   fmt::format("\"{}\" cannot be compared: {}.", metric.name,
                               problem_words(entry.comparison.problem)));
      }
      const int found = direction(entry);
      if (metric.role == MetricRole::kGuardrail && found < 0) {
        return say(
            VerdictKind::kHarmful,
            fmt::format("The guardrail \"{}\" got worse ({:+.1f} %, p = {:.2g}).", metric.name,
                        100.0 * entry.comparison.lift.estimate, entry.adjusted));
      }
      if (metric.role != MetricRole::kGoal || found == 0) continue;
      std::string& list = found > 0 ? better : worse;
      list += fmt::format("{}\"{}\" ({:+.1f} %, p = {:.2g})", list.empty() ? "" : ", ", metric.name,
                          100.0 * entry.comparison.lift.estimate, entry.adjusted);
    }
    if (!better.empty() && !worse.empty()) {
      return say(VerdictKind::kMixed, fmt::format("Better: {}. Worse: {}.", better, worse));
    }
    if (!better.empty()) return say(VerdictKind::kBetter, fmt::format("Better: {}.", better));
    if (!worse.empty()) return say(VerdictKind::kWorse, fmt::format("Worse: {}.", worse));
    return say(VerdictKind::kNoDifference,
               "No goal differs by more than chance explains. This does not prove that there is no "
               "difference: see how wide the intervals are.");
  }

  [[nodiscard]] std::vector<Verdict> verdicts() const {
    std::vector<Verdict> list;
    for (std::size_t arm = 1; arm < config_.variations.size(); ++arm) list.push_back(verdict(arm));
    return list;
  }

  [[nodiscard]] std::vector<ArmMean> arms_of(std::size_t metric) const {
    std::vector<ArmMean> list;
    for (std::size_t arm = 0; arm < config_.variations.size(); ++arm) {
      const Moments& moments = moments_[metric][arm];
      const bool is_ratio = config_.metrics[metric].kind == MetricKind::kRatio;
      const bool empty = moments.n() == 0.0 || (is_ratio && moments.mean_x() == 0.0);
      const stats::Sample sample = empty      ? stats::Sample{}
                                   : is_ratio ? stats::ratio(moments)
                                              : moments.y();
      list.push_back(
          {config_.variations[arm], moments.n(), sample.mean, std::sqrt(sample.variance)});
    }
    return list;
  }

  /// Units above 0 by value, in bins of equal ratio, for all arms alike.
  [[nodiscard]] std::optional<Distribution> distribution(std::size_t metric) const {
    if (config_.metrics[metric].kind != MetricKind::kSum) return std::nullopt;
    std::vector<std::vector<double>> values;
    double low = HUGE_VAL;
    double high = 0.0;
    for (std::size_t arm = 0; arm < config_.variations.size(); ++arm) {
      values.push_back(outcomes_.values(metric, static_cast<int>(arm)));
      if (values.back().empty()) continue;
      low = std::min(low, values.back().front());
      high = std::max(high, values.back().back());
    }
    if (!(high > low)) return std::nullopt;
    Distribution result;
    for (int bin = 0; bin <= kBins; ++bin)
      result.values.push_back(low * std::pow(high / low, bin / double{kBins}));
    for (std::size_t arm = 0; arm < values.size(); ++arm) {
      const double units = std::max(moments_[metric][arm].n(), 1.0);
      Distribution::Arm& shares =
          result.arms.emplace_back(Distribution::Arm{config_.variations[arm], {}});
      for (const double edge : result.values) {
        const auto at =
            std::lower_bound(values[arm].begin(), values[arm].end(), edge * (1.0 - 1e-12));
        shares.share_at_least.push_back(static_cast<double>(values[arm].end() - at) / units);
      }
    }
    return result;
  }

  [[nodiscard]] std::vector<MetricResult> metrics() const {
    std::vector<MetricResult> list;
    for (std::size_t metric = 0; metric < config_.metrics.size(); ++metric) {
      const MetricDefinition& definition = config_.metrics[metric];
      MetricResult& result =
          list.emplace_back(MetricResult{.name = definition.name,
                                         .role = definition.role,
                                         .kind = definition.kind,
                                         .more_is_better = definition.more_is_better,
                                         .cap = {},
                                         .arms = arms_of(metric),
                                         .comparisons = {},
                                         .distribution = distribution(metric)});
      if (outcomes_.cap(metric) > 0.0) {
        result.cap = {.at = outcomes_.cap(metric), .units = outcomes_.capped(metric)};
      }
      for (const Entry& entry : entries_) {
        if (entry.metric != metric) continue;
        result.comparisons.push_back({config_.variations[entry.treatment], entry.comparison,
                                      entry.adjusted, direction(entry)});
      }
    }
    return list;
  }

  /// Computes the goals by segment. Segments are for finding ideas: their p-values are adjusted
  /// among themselves, and no verdict uses them.
  [[nodiscard]] std::vector<SegmentResult> segments() const {
    std::vector<SegmentResult> list;
    std::vector<double> p;
    for (std::size_t segment = 0; segment < config_.segments.size(); ++segment) {
      SegmentResult& result = list.emplace_back(SegmentResult{config_.segments[segment], {}});
      const auto& names = outcomes_.parts(static_cast<int>(segment));
      for (std::size_t part = 0; part < names.size(); ++part) {
        result.parts.push_back(
            {names[part].name, names[part].units,
             segment_comparisons(static_cast<int>(segment), static_cast<int>(part))});
        for (const SegmentComparison& one : result.parts.back().comparisons) {
          if (one.comparison.problem == ComparisonProblem::kNone)
            p.push_back(one.comparison.test.p);
        }
      }
    }
    const std::vector<double> adjusted = stats::benjamini_hochberg(p);
    std::size_t next = 0;
    for (SegmentResult& segment : list) {
      for (SegmentResult::Part& part : segment.parts) {
        for (SegmentComparison& one : part.comparisons) {
          if (one.comparison.problem == ComparisonProblem::kNone) one.adjusted_p = adjusted[next++];
        }
      }
    }
    return list;
  }

  /// The goals of one part of a segment, p-values not adjusted yet.
  [[nodiscard]] std::vector<SegmentComparison> segment_comparisons(int segment, int part) const {
    std::vector<SegmentComparison> list;
    for (std::size_t metric = 0; metric < config_.metrics.size(); ++metric) {
      const MetricDefinition& definition = config_.metrics[metric];
      if (definition.role != MetricRole::kGoal) continue;
      const auto arms = outcomes_.moments(metric, -1, segment, part);
      for (std::size_t arm = 1; arm < arms.size(); ++arm) {
        list.push_back({definition.name, config_.variations[arm],
                        compare(arms[0], arms[arm], definition, config_)});
      }
    }
    return list;
  }

  /// Computes sample ratio and goals at the end of each day, with the interval that is valid at all
  /// of these times together.
  [[nodiscard]] std::vector<CoursePoint> course() const {
    std::vector<CoursePoint> list;
    const int step = (outcomes_.days() + kMostPoints - 1) / kMostPoints;
    for (int end = step; end < outcomes_.days() + step; end += step) {
      const int day = std::min(end, outcomes_.days()) - 1;
      CoursePoint& point = list.emplace_back(
          CoursePoint{.day = day + 1, .units = outcomes_.counts(day), .lifts = {}});
      point.sample_ratio_p = stats::sample_ratio(point.units, config_.weights).p;
      for (std::size_t metric = 0; metric < config_.metrics.size(); ++metric) {
        if (config_.metrics[metric].role != MetricRole::kGoal) continue;
        const auto arms = outcomes_.moments(metric, day);
        for (std::size_t arm = 1; arm < arms.size(); ++arm) {
          const Comparison one = compare(arms[0], arms[arm], config_.metrics[metric], config_);
          const auto always = one.always_valid_interval();
          if (!always) continue;
          point.lifts.push_back(
              {config_.metrics[metric].name, config_.variations[arm], one.lift.estimate, *always});
        }
      }
    }
    return list;
  }

  const UnitOutcomes& outcomes_;
  const AnalysisConfig& config_;
  const statistics::ExperimentLog& log_;
  stats::SampleRatio ratio_;
  std::vector<std::vector<Moments>> moments_;  // by metric, then arm
  std::vector<Entry> entries_;
};

}  // namespace

AnalysisResult analyze(const UnitOutcomes& outcomes, const AnalysisConfig& config,
                       const statistics::ExperimentLog& log) {
  return Analysis(outcomes, config, log).result();
}

}  // namespace vitrine::analysis
