#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/analysis_config.h"
#include "analysis/experiment_log.h"
#include "data/database.h"
#include "vitrine/stats/sample.h"

namespace vitrine::analysis {

/// Columns of numbers that the metrics take, each once, in the order of the metrics.
[[nodiscard]] std::vector<std::string> value_columns(const std::vector<MetricDefinition>& metrics);

/// What each unit did, by unit number.
class UnitOutcomes {
 public:
  /// Reads the tables of read_experiment_log. Memory: some hundred bytes a unit.
  UnitOutcomes(data::Database& database, const AnalysisConfig& config, const ExperimentLog& log);

  [[nodiscard]] std::size_t units() const { return arms_.size(); }
  [[nodiscard]] int arm(std::size_t unit) const { return arms_[unit]; }
  /// Days, from the first exposure of the experiment.
  [[nodiscard]] int days() const { return days_; }

  /// The units of each arm, those alone that were exposed before `day` ends; -1: all.
  [[nodiscard]] std::vector<double> counts(int day = -1) const;

  /// One metric by arm: y is the value (of a ratio the numerator), x what CUPED knows from before
  /// (of a ratio the denominator). `day`: as it stood when that day ended; -1: at the end.
  /// `segment` and `part`: units alone whose value of the segment is that one.
  [[nodiscard]] std::vector<stats::Moments> moments(std::size_t metric, int day = -1,
                                                    int segment = -1, int part = -1) const;

  /// The values of a metric in one arm, of units above 0, ascending and before any cap.
  [[nodiscard]] std::vector<double> values(std::size_t metric, int arm) const;
  /// What a unit counts for at most; 0: no cap.
  [[nodiscard]] double cap(std::size_t metric) const { return caps_[metric]; }
  /// Units whose value is cut by the cap.
  [[nodiscard]] std::uint64_t capped(std::size_t metric) const { return capped_[metric]; }

  /// The values of a segment, the one with the most units first, at most 10; and their units.
  struct Part {
    std::string name;
    std::uint64_t units = 0;
  };
  [[nodiscard]] const std::vector<Part>& parts(int segment) const {
    return parts_[static_cast<std::size_t>(segment)];
  }

 private:
  /// One sum of events: before the first exposure, and after it.
  struct Totals {
    std::vector<double> before;
    std::vector<double> after;
  };
  /// What a unit added to a sum on a day.
  struct Cell {
    std::int32_t unit;
    std::int32_t day;
    double value;
  };

  void read_units(data::Database& database);
  void read_sums(data::Database& database, const ExperimentLog& log);
  void find_caps();
  [[nodiscard]] double value_of(std::size_t metric, double sum) const;

  const AnalysisConfig& config_;
  std::int64_t from_ = 0;
  int days_ = 0;
  std::vector<std::int32_t> arms_;
  std::vector<std::int32_t> first_day_;
  std::vector<std::vector<std::int16_t>> segment_parts_;  // by segment, then unit; -1: another
  std::vector<std::vector<Part>> parts_;
  std::vector<std::size_t> numerators_;    // index of a sum, by metric
  std::vector<std::size_t> denominators_;  // the same as the numerator where there is none
  std::vector<Totals> sums_;
  std::vector<std::vector<Cell>> cells_;  // by sum, days ascending
  std::vector<double> caps_;
  std::vector<std::uint64_t> capped_;
};

}  // namespace vitrine::analysis
