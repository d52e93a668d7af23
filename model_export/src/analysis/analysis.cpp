#include "analysis/analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "analysis/comparison.h"
#include "data/time_column.h"
#include "vitrine/stats/multiple.h"
#include "vitrine/stats/sample_ratio.h"

namespace vitrine::analysis {
namespace {

using nlohmann::json;
using stats::Moments;
using stats::Trouble;

constexpr int kMostPoints = 60;  // of a course over time
constexpr int kBins = 24;        // of a distribution
constexpr const char* kRoleWords[] = {"goal", "guardrail", "secondary"};
constexpr const char* kKindWords[] = {"conversion", "sum", "ratio"};

/// A comparison and where it stands.
struct Entry {
  std::size_t metric;
  std::size_t treatment;  // index of the variation
  Comparison comparison;
  double adjusted = 1.0;  // p-value of the verdict, adjusted
};

json interval(double estimate, double halfwidth) {
  return {estimate - halfwidth, estimate + halfwidth};
}

class Analysis {
 public:
  Analysis(const UnitOutcomes& outcomes, const AnalysisConfig& config, const ExperimentLog& log)
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
      // A guardrail that is missed costs more than a false alarm.
      if (role_of(entry) == MetricRole::kGuardrail) entry.adjusted = p_of(entry);
    }
  }

  json result() const {
    return {{"command", "experiment"},
            {"experiment", config_.experiment},
            {"source", source()},
            {"problems", to_json(log_.problems)},
            {"settings", settings()},
            {"units", units()},
            {"sample_ratio",
             {{"chi_squared", ratio_.chi_squared},
              {"p", ratio_.p},
              {"mismatch", ratio_.is_mismatch()}}},
            {"verdicts", verdicts()},
            {"metrics", metrics()},
            {"segments", segments()},
            {"course", course()}};
  }

 private:
  [[nodiscard]] MetricRole role_of(const Entry& entry) const {
    return config_.metrics[entry.metric].role;
  }
  [[nodiscard]] double p_of(const Entry& entry) const {
    return entry.comparison.trouble == Trouble::kNone ? entry.comparison.p(config_) : 1.0;
  }

  void adjust(MetricRole role) {
    std::vector<Entry*> family;
    std::vector<double> p;
    for (Entry& entry : entries_) {
      if (role_of(entry) != role || entry.comparison.trouble != Trouble::kNone) continue;
      family.push_back(&entry);
      p.push_back(p_of(entry));
    }
    if (config_.adjustment == Adjustment::kHolm) p = stats::holm(p);
    if (config_.adjustment == Adjustment::kBenjaminiHochberg) p = stats::benjamini_hochberg(p);
    for (std::size_t i = 0; i < p.size(); ++i) family[i]->adjusted = p[i];
  }

  json source() const {
    return {{"files", log_.files},
            {"rows", log_.rows},
            {"exposures", log_.exposures},
            {"events", log_.events},
            {"from", data::format_time(log_.from)},
            {"until", data::format_time(log_.until)},
            {"days", outcomes_.days()}};
  }

  json settings() const {
    static constexpr const char* kAdjustments[] = {"none", "holm", "benjamini-hochberg"};
    json prior;
    if (config_.prior) prior = {{"mean", config_.prior->mean}, {"sd", config_.prior->sd}};
    return {{"alpha", config_.alpha},
            {"adjust", kAdjustments[static_cast<int>(config_.adjustment)]},
            {"looks", config_.any_looks ? "any" : "once"},
            {"tuning", config_.tuning},
            {"cuped_days", config_.cuped_days},
            {"window_days", config_.window_days},
            {"most_exposures", config_.most_exposures},
            {"prior", prior}};
  }

  json units() const {
    json list = json::array();
    const std::vector<double> counts = outcomes_.counts();
    for (std::size_t arm = 0; arm < counts.size(); ++arm) {
      list.push_back({{"variation", config_.variations[arm]},
                      {"units", counts[arm]},
                      {"weight", config_.weights[arm]}});
    }
    return list;
  }

  /// -1 worse, 0 nothing found, 1 better.
  int direction(const Entry& entry) const {
    if (entry.comparison.trouble != Trouble::kNone || entry.adjusted >= config_.alpha) return 0;
    const bool more = entry.comparison.lift.estimate > 0.0;
    return more == config_.metrics[entry.metric].more_is_better ? 1 : -1;
  }

  json verdict(std::size_t treatment) const {
    const auto say = [&](const char* word, const std::string& message) {
      return json{
          {"variation", config_.variations[treatment]}, {"verdict", word}, {"message", message}};
    };
    if (ratio_.is_mismatch()) {
      return say(
          "blocked",
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
      if (entry.comparison.trouble != Trouble::kNone) {
        return say("undecided", fmt::format("\"{}\" cannot be compared: {}.", metric.name,
                                            trouble_words(entry.comparison.trouble)));
      }
      const int found = direction(entry);
      if (metric.role == MetricRole::kGuardrail && found < 0) {
        return say("harmful", fmt::format("The guardrail \"{}\" got worse ({:+.1f} %, p = {:.2g}).",
                                          metric.name, 100.0 * entry.comparison.lift.estimate,
                                          entry.adjusted));
      }
      if (metric.role != MetricRole::kGoal || found == 0) continue;
      std::string& list = found > 0 ? better : worse;
      list += fmt::format("{}\"{}\" ({:+.1f} %, p = {:.2g})", list.empty() ? "" : ", ", metric.name,
                          100.0 * entry.comparison.lift.estimate, entry.adjusted);
    }
    if (!better.empty() && !worse.empty()) {
      return say("mixed", fmt::format("Better: {}. Worse: {}.", better, worse));
    }
    if (!better.empty()) return say("better", fmt::format("Better: {}.", better));
    if (!worse.empty()) return say("worse", fmt::format("Worse: {}.", worse));
    return say("no difference found",
               "No goal differs by more than chance explains. This does not prove that there is no "
               "difference: see how wide the intervals are.");
  }

  json verdicts() const {
    json list = json::array();
    for (std::size_t arm = 1; arm < config_.variations.size(); ++arm) list.push_back(verdict(arm));
    return list;
  }

  json arms_of(std::size_t metric) const {
    json list = json::array();
    for (std::size_t arm = 0; arm < config_.variations.size(); ++arm) {
      const Moments& moments = moments_[metric][arm];
      const bool is_ratio = config_.metrics[metric].kind == MetricKind::kRatio;
      const bool empty = moments.n() == 0.0 || (is_ratio && moments.mean_x() == 0.0);
      const stats::Sample sample = empty      ? stats::Sample{}
                                   : is_ratio ? stats::ratio(moments)
                                              : moments.y();
      list.push_back({{"variation", config_.variations[arm]},
                      {"units", moments.n()},
                      {"mean", sample.mean},
                      {"sd", std::sqrt(sample.variance)}});
    }
    return list;
  }

  /// Units above 0 by value, in bins of equal ratio, for all arms alike.
  json distribution(std::size_t metric) const {
    if (config_.metrics[metric].kind != MetricKind::kSum) return nullptr;
    std::vector<std::vector<double>> values;
    double low = HUGE_VAL;
    double high = 0.0;
    for (std::size_t arm = 0; arm < config_.variations.size(); ++arm) {
      values.push_back(outcomes_.values(metric, static_cast<int>(arm)));
      if (values.back().empty()) continue;
      low = std::min(low, values.back().front());
      high = std::max(high, values.back().back());
    }
    if (!(high > low)) return nullptr;
    json edges = json::array();
    for (int bin = 0; bin <= kBins; ++bin)
      edges.push_back(low * std::pow(high / low, bin / double{kBins}));
    json arms = json::array();
    for (std::size_t arm = 0; arm < values.size(); ++arm) {
      const double units = std::max(moments_[metric][arm].n(), 1.0);
      json shares = json::array();
      for (const json& edge : edges) {
        const auto at = std::lower_bound(values[arm].begin(), values[arm].end(),
                                         edge.get<double>() * (1.0 - 1e-12));
        shares.push_back(static_cast<double>(values[arm].end() - at) / units);
      }
      arms.push_back({{"variation", config_.variations[arm]}, {"share_at_least", shares}});
    }
    return {{"values", edges}, {"arms", arms}};
  }

  json metrics() const {
    json list = json::array();
    for (std::size_t metric = 0; metric < config_.metrics.size(); ++metric) {
      const MetricDefinition& definition = config_.metrics[metric];
      json comparisons = json::array();
      for (const Entry& entry : entries_) {
        if (entry.metric != metric) continue;
        json one = to_json(entry.comparison, config_);
        one["variation"] = config_.variations[entry.treatment];
        if (entry.comparison.trouble == Trouble::kNone) {
          one["adjusted_p"] = entry.adjusted;
          one["direction"] = direction(entry);
        }
        comparisons.push_back(std::move(one));
      }
      json cap;
      if (outcomes_.cap(metric) > 0.0) {
        cap = {{"at", outcomes_.cap(metric)}, {"units", outcomes_.capped(metric)}};
      }
      list.push_back({{"name", definition.name},
                      {"role", kRoleWords[static_cast<int>(definition.role)]},
                      {"type", kKindWords[static_cast<int>(definition.kind)]},
                      {"better", definition.more_is_better ? "more" : "less"},
                      {"cap", cap},
                      {"arms", arms_of(metric)},
                      {"comparisons", std::move(comparisons)},
                      {"distribution", distribution(metric)}});
    }
    return list;
  }

  /// Goals by segment. They are looked at after the fact: their p-values are adjusted among
  /// themselves, and no verdict takes them.
  json segments() const {
    json list = json::array();
    std::vector<double> p;
    for (std::size_t segment = 0; segment < config_.segments.size(); ++segment) {
      json parts = json::array();
      const auto& names = outcomes_.parts(static_cast<int>(segment));
      for (std::size_t part = 0; part < names.size(); ++part) {
        json comparisons = json::array();
        for (std::size_t metric = 0; metric < config_.metrics.size(); ++metric) {
          if (config_.metrics[metric].role != MetricRole::kGoal) continue;
          const auto arms =
              outcomes_.moments(metric, -1, static_cast<int>(segment), static_cast<int>(part));
          for (std::size_t arm = 1; arm < arms.size(); ++arm) {
            const Comparison one = compare(arms[0], arms[arm], config_.metrics[metric], config_);
            json entry = to_json(one, config_);
            entry["metric"] = config_.metrics[metric].name;
            entry["variation"] = config_.variations[arm];
            if (one.trouble == Trouble::kNone) p.push_back(one.test.p);
            comparisons.push_back(std::move(entry));
          }
        }
        parts.push_back({{"name", names[part].name},
                         {"units", names[part].units},
                         {"comparisons", std::move(comparisons)}});
      }
      list.push_back({{"name", config_.segments[segment]}, {"parts", std::move(parts)}});
    }
    const std::vector<double> adjusted = stats::benjamini_hochberg(p);
    std::size_t next = 0;
    for (json& segment : list) {
      for (json& part : segment["parts"]) {
        for (json& one : part["comparisons"]) {
          if (one.contains("p")) one["adjusted_p"] = adjusted[next++];
        }
      }
    }
    return list;
  }

  /// Sample ratio and goals as they stood when each day ended, with the interval that holds at all
  /// of these looks together.
  json course() const {
    json list = json::array();
    const int step = (outcomes_.days() + kMostPoints - 1) / kMostPoints;
    for (int end = step; end < outcomes_.days() + step; end += step) {
      const int day = std::min(end, outcomes_.days()) - 1;
      const std::vector<double> counts = outcomes_.counts(day);
      json lifts = json::array();
      for (std::size_t metric = 0; metric < config_.metrics.size(); ++metric) {
        if (config_.metrics[metric].role != MetricRole::kGoal) continue;
        const auto arms = outcomes_.moments(metric, day);
        for (std::size_t arm = 1; arm < arms.size(); ++arm) {
          const Comparison one = compare(arms[0], arms[arm], config_.metrics[metric], config_);
          if (one.trouble != Trouble::kNone || !one.settled) continue;
          lifts.push_back({{"metric", config_.metrics[metric].name},
                           {"variation", config_.variations[arm]},
                           {"lift", one.lift.estimate},
                           {"interval", interval(one.lift.estimate, one.always.halfwidth)}});
        }
      }
      list.push_back({{"day", day + 1},
                      {"units", counts},
                      {"sample_ratio_p", stats::sample_ratio(counts, config_.weights).p},
                      {"lifts", std::move(lifts)}});
    }
    return list;
  }

  const UnitOutcomes& outcomes_;
  const AnalysisConfig& config_;
  const ExperimentLog& log_;
  stats::SampleRatio ratio_;
  std::vector<std::vector<Moments>> moments_;  // by metric, then arm
  std::vector<Entry> entries_;
};

}  // namespace

json analyze(const UnitOutcomes& outcomes, const AnalysisConfig& config, const ExperimentLog& log) {
  return Analysis(outcomes, config, log).result();
}

}  // namespace vitrine::analysis
