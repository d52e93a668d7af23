#include "analysis/unit_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/event_kind.h"

namespace vitrine::analysis {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr int kMostParts = 10;

/// Sums are added as whole millionths, so that their order does not matter.
constexpr double kUnit = 1e-6;

std::string event_sql(const std::string& word) {
  const EventKind kind = data::event_kind(word);
  if (kind != EventKind::kOther) return fmt::format("e.kind = {}", static_cast<int>(kind));
  return fmt::format("e.word = lower({})", data::sql_literal(word));
}

std::string sum_sql(const EventSum& sum, const std::vector<std::string>& columns) {
  std::string value = "1";
  if (sum.value == "revenue") {
    value = "e.revenue";
  } else if (!sum.value.empty()) {
    const auto at = std::find(columns.begin(), columns.end(), sum.value) - columns.begin();
    value = fmt::format("coalesce(e.value{}, 0)", at);
  }
  return fmt::format(
      "(coalesce(sum(CASE WHEN {} THEN CAST(round({} * 1e6) AS HUGEINT) END), 0))::DOUBLE",
      event_sql(sum.event), value);
}

}  // namespace

std::vector<std::string> value_columns(const std::vector<MetricDefinition>& metrics) {
  std::vector<std::string> columns;
  for (const MetricDefinition& metric : metrics) {
    for (const EventSum* sum : {&metric.numerator, &metric.denominator}) {
      if (sum->value.empty() || sum->value == "revenue") continue;
      if (std::find(columns.begin(), columns.end(), sum->value) == columns.end()) {
        columns.push_back(sum->value);
      }
    }
  }
  return columns;
}

UnitOutcomes::UnitOutcomes(data::Database& database, const AnalysisConfig& config,
                           const ExperimentLog& log)
    : config_(config), from_(log.from) {
  days_ = static_cast<int>((std::max(log.until - 1, log.from) - log.from) / kDay) + 1;
  read_units(database);
  read_sums(database, log);
  find_caps();
}

void UnitOutcomes::read_units(data::Database& database) {
  std::string columns;
  for (std::size_t i = 0; i < config_.segments.size(); ++i) {
    parts_.emplace_back();
    data::Rows rows = database.query(fmt::format(
        "SELECT segment{0}, count(*) FROM exposed_units WHERE segment{0} IS NOT NULL GROUP BY 1 "
        "ORDER BY 2 DESC, 1 LIMIT {1}",
        i, kMostParts));
    while (const data::Chunk* chunk = rows.next()) {
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        parts_[i].push_back(
            {std::string(chunk->text(0, row)), static_cast<std::uint64_t>(chunk->int64s(1)[row])});
      }
    }
    columns += fmt::format(", segment{}", i);
  }
  segment_parts_.resize(config_.segments.size());
  data::Rows rows =
      database.query(fmt::format("SELECT arm, first{} FROM exposed_units ORDER BY unit", columns));
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      arms_.push_back(chunk->int32s(0)[row]);
      first_day_.push_back(static_cast<std::int32_t>((chunk->int64s(1)[row] - from_) / kDay));
      for (std::size_t i = 0; i < segment_parts_.size(); ++i) {
        const std::string_view name = chunk->text(i + 2, row);
        const auto found = std::find_if(parts_[i].begin(), parts_[i].end(),
                                        [&](const Part& part) { return part.name == name; });
        segment_parts_[i].push_back(
            static_cast<std::int16_t>(found == parts_[i].end() ? -1 : found - parts_[i].begin()));
      }
    }
  }
}

void UnitOutcomes::read_sums(data::Database& database, const ExperimentLog& log) {
  const std::vector<std::string> columns = value_columns(config_.metrics);
  std::string sums;
  std::size_t count = 0;
  for (const MetricDefinition& metric : config_.metrics) {
    numerators_.push_back(count++);
    sums += ", " + sum_sql(metric.numerator, columns);
    if (metric.kind == MetricKind::kRatio) sums += ", " + sum_sql(metric.denominator, columns);
    denominators_.push_back(metric.kind == MetricKind::kRatio ? count++ : numerators_.back());
  }
  sums_.assign(count, {std::vector<double>(units()), std::vector<double>(units())});
  cells_.resize(count);
  const auto before = static_cast<std::int64_t>(config_.cuped_days * kDay);
  const std::string window =
      config_.window_days > 0.0
          ? fmt::format("u.first + {}", static_cast<std::int64_t>(config_.window_days * kDay))
          : std::to_string(log.until);
  data::Rows rows = database.query(fmt::format(
      "SELECT e.unit, CASE WHEN e.time < u.first THEN -1 ELSE (e.time - {}) // {} END::INTEGER AS "
      "day{} FROM unit_events e JOIN exposed_units u ON e.unit = u.unit WHERE e.time >= u.first - "
      "{} AND e.time < least({}, {}) GROUP BY e.unit, day ORDER BY day, e.unit",
      from_, kDay, sums, before, window, log.until));
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      const std::int32_t unit = chunk->int32s(0)[row];
      const std::int32_t day = chunk->int32s(1)[row];
      for (std::size_t i = 0; i < count; ++i) {
        const double value = chunk->doubles(i + 2)[row] * kUnit;
        if (value == 0.0) continue;
        (day < 0 ? sums_[i].before : sums_[i].after)[static_cast<std::size_t>(unit)] += value;
        if (day >= 0) cells_[i].push_back({unit, day, value});
      }
    }
  }
}

void UnitOutcomes::find_caps() {
  for (std::size_t metric = 0; metric < config_.metrics.size(); ++metric) {
    const MetricDefinition& definition = config_.metrics[metric];
    const std::vector<double>& sums = sums_[numerators_[metric]].after;
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
    if (day < 0 || first_day_[unit] <= day) counts[static_cast<std::size_t>(arms_[unit])] += 1.0;
  }
  return counts;
}

std::vector<stats::Moments> UnitOutcomes::moments(std::size_t metric, int day, int segment,
                                                  int part) const {
  const std::size_t numerator = numerators_[metric];
  const std::size_t denominator = denominators_[metric];
  const bool is_ratio = config_.metrics[metric].kind == MetricKind::kRatio;
  const auto sums_until = [&](std::size_t sum) {
    if (day < 0) return sums_[sum].after;
    std::vector<double> sums(units());
    for (const Cell& cell : cells_[sum]) {
      if (cell.day > day) break;
      sums[static_cast<std::size_t>(cell.unit)] += cell.value;
    }
    return sums;
  };
  const std::vector<double> y = sums_until(numerator);
  const std::vector<double> x = is_ratio ? sums_until(denominator) : sums_[numerator].before;
  std::vector<stats::Moments> arms(config_.variations.size());
  for (std::size_t unit = 0; unit < units(); ++unit) {
    if (day >= 0 && first_day_[unit] > day) continue;
    if (segment >= 0 && segment_parts_[static_cast<std::size_t>(segment)][unit] != part) continue;
    stats::Moments& arm = arms[static_cast<std::size_t>(arms_[unit])];
    if (is_ratio) {
      arm.add(y[unit], x[unit]);
    } else {
      arm.add(value_of(metric, y[unit]), value_of(metric, x[unit]));
    }
  }
  return arms;
}

std::vector<double> UnitOutcomes::values(std::size_t metric, int arm) const {
  const std::vector<double>& sums = sums_[numerators_[metric]].after;
  std::vector<double> values;
  for (std::size_t unit = 0; unit < units(); ++unit) {
    if (arms_[unit] == arm && sums[unit] > 0.0) values.push_back(sums[unit]);
  }
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace vitrine::analysis
