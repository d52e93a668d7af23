#include "analysis/unit_outcomes.h"

#include <algorithm>
#include <cmath>

namespace vitrine::analysis {

UnitOutcomes::UnitOutcomes(const AnalysisConfig& config, const statistics::ExperimentData& data)
    : config_(config), units_(data.units) {
  const statistics::ExperimentLog& log = data.log;
  days_ =
      static_cast<int>((std::max(log.until - 1, log.from) - log.from) / model::UnitTable::kDay) + 1;
  std::size_t count = 0;
  for (const MetricDefinition& metric : config_.metrics) {
    numerators_.push_back(count++);
    denominators_.push_back(metric.kind == MetricKind::kRatio ? count++ : numerators_.back());
  }
  find_caps();
}

void UnitOutcomes::find_caps() {
  for (std::size_t metric = 0; metric < config_.metrics.size(); ++metric) {
    const MetricDefinition& definition = config_.metrics[metric];
    const std::vector<double>& sums = units_.sums[numerators_[metric]].after;
    double cap = definition.cap;
    if (definition.cap_quantile > 0.0) {
      std::vector<double> above;
      std::copy_if(sums.begin(), sums.end(), std::back_inserter(above),
                   [](double value) { return value > 0.0; });
      std::sort(above.begin(), above.end());
      if (!above.empty()) {
        const double rank = definition.cap_quantile * static_cast<double>(above.size());
        const auto at = static_cast<std::size_t>(std::max(std::ceil(rank) - 1.0, 0.0));
        const double quantile = above[std::min(at, above.size() - 1)];
        cap = cap > 0.0 ? std::min(cap, quantile) : quantile;
      }
    }
    caps_.push_back(cap);
    capped_.push_back(cap > 0.0
                          ? static_cast<std::uint64_t>(std::count_if(
                                sums.begin(), sums.end(), [cap](double v) { return v > cap; }))
                          : 0);
  }
}

double UnitOutcomes::value_of(std::size_t metric, double sum) const {
  if (config_.metrics[metric].kind == MetricKind::kConversion) return sum > 0.0 ? 1.0 : 0.0;
  return caps_[metric] > 0.0 ? std::min(sum, caps_[metric]) : sum;
}

std::vector<double> UnitOutcomes::counts(int day) const {
  std::vector<double> counts(config_.variations.size());
  for (std::size_t unit = 0; unit < units(); ++unit) {
    if (day < 0 || units_.first_day[unit] <= day)
      counts[static_cast<std::size_t>(units_.arms[unit])] += 1.0;
  }
  return counts;
}

std::vector<stats::Moments> UnitOutcomes::moments(std::size_t metric, int day, int segment,
                                                  int part) const {
  const std::size_t numerator = numerators_[metric];
  const std::size_t denominator = denominators_[metric];
  const bool is_ratio = config_.metrics[metric].kind == MetricKind::kRatio;
  const auto sums_until = [&](std::size_t sum) {
    if (day < 0) return units_.sums[sum].after;
    std::vector<double> sums(units());
    for (const model::UnitTable::Cell& cell : units_.sums[sum].cells) {
      if (cell.day > day) break;
      sums[static_cast<std::size_t>(cell.unit)] += cell.value;
    }
    return sums;
  };
  const std::vector<double> y = sums_until(numerator);
  const std::vector<double> x = is_ratio ? sums_until(denominator) : units_.sums[numerator].before;
  std::vector<stats::Moments> arms(config_.variations.size());
  for (std::size_t unit = 0; unit < units(); ++unit) {
    if (day >= 0 && units_.first_day[unit] > day) continue;
    if (segment >= 0 && units_.part_of[static_cast<std::size_t>(segment)][unit] != part) continue;
    stats::Moments& arm = arms[static_cast<std::size_t>(units_.arms[unit])];
    if (is_ratio) {
      arm.add(y[unit], x[unit]);
    } else {
      arm.add(value_of(metric, y[unit]), value_of(metric, x[unit]));
    }
  }
  return arms;
}

std::vector<double> UnitOutcomes::values(std::size_t metric, int arm) const {
  const std::vector<double>& sums = units_.sums[numerators_[metric]].after;
  std::vector<double> values;
  for (std::size_t unit = 0; unit < units(); ++unit) {
    if (units_.arms[unit] == arm && sums[unit] > 0.0) values.push_back(sums[unit]);
  }
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace vitrine::analysis
