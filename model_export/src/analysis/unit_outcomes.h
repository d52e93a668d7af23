#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/analysis_config.h"
#include "model/unit_table.h"
#include "statistics/experiment_log.h"
#include "vitrine/stats/sample.h"

namespace vitrine::analysis {

/// The actions of each unit, by unit number.
class UnitOutcomes {
 public:
  /// `data`: what was read for experiment_query(config). Both must outlive the outcomes.
  UnitOutcomes(const AnalysisConfig& config, const statistics::ExperimentData& data);

  [[nodiscard]] std::size_t units() const { return units_.size(); }
  [[nodiscard]] int arm(std::size_t unit) const { return units_.arms[unit]; }
  /// The number of days from the first exposure of the experiment.
  [[nodiscard]] int days() const { return days_; }

  /// Returns the number of units of each arm; with `day` only those that were exposed before that
  /// day ends; -1: all.
  [[nodiscard]] std::vector<double> counts(int day = -1) const;

  /// One metric by arm: y is the value (of a ratio the numerator), x what CUPED knows from before
  /// (of a ratio the denominator). `day`: as it stood when that day ended; -1: at the end.
  /// `segment` and `part`: units alone whose value of the segment is that one.
  [[nodiscard]] std::vector<stats::Moments> moments(std::size_t metric, int day = -1,
                                                    int segment = -1, int part = -1) const;

  /// The values of a metric in one arm, of units above 0, ascending and before any cap.
  [[nodiscard]] std::vector<double> values(std::size_t metric, int arm) const;
  /// Returns the largest value that one unit counts for; 0: no limit.
  [[nodiscard]] double cap(std::size_t metric) const { return caps_[metric]; }
  /// Returns the number of units whose value is limited.
  [[nodiscard]] std::uint64_t capped(std::size_t metric) const { return capped_[metric]; }

  /// The values of a segment, the one with the most units first, at most 10; and their units.
  using Part = model::UnitTable::Part;
  [[nodiscard]] const std::vector<Part>& parts(int segment) const {
    return units_.parts[static_cast<std::size_t>(segment)];
  }

 private:
  void find_caps();
  [[nodiscard]] double value_of(std::size_t metric, double sum) const;

  const AnalysisConfig& config_;
  const model::UnitTable& units_;
  int days_ = 0;
  std::vector<std::size_t> numerators_;    // index of a sum, by metric
  std::vector<std::size_t> denominators_;  // the same as the numerator where there is none
  std::vector<double> caps_;
  std::vector<std::uint64_t> capped_;
};

}  // namespace vitrine::analysis
