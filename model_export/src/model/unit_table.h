#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::model {

/// The exposed units of an experiment by number, and what each of them did. Memory: some hundred
/// bytes a unit.
struct UnitTable {
  /// A value of a segment.
  struct Part {
    std::string name;
    std::uint64_t units = 0;
  };
  /// The contribution of a unit to a sum on one day.
  struct Cell {
    std::int32_t unit = 0;
    std::int32_t day = 0;
    double value = 0.0;
  };
  /// One sum of events.
  struct Sum {
    std::vector<double> before;  // [units], before the first exposure
    std::vector<double> after;   // [units], from it on
    std::vector<Cell> cells;     // the same by day, days rising
  };
  static constexpr std::int64_t kDay = 86400;

  std::vector<std::int32_t> arms;        // [units], the variation
  std::vector<std::int32_t> first_day;   // [units], of the first exposure, from the experiment's
  std::vector<std::vector<Part>> parts;  // by segment: the values with the most units, at most 10
  std::vector<std::vector<std::int16_t>> part_of;  // by segment, [units]; -1: another value
  std::vector<Sum> sums;                           // one for each sum that was asked for

  [[nodiscard]] std::size_t size() const { return arms.size(); }
};

}  // namespace vitrine::model
