#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "data/database.h"
#include "data/unit_rows.h"
#include "model/unit_history.h"
#include "statistics/log_limits.h"

namespace vitrine::statistics {

/// A log of units (visitors), with the lists or the bandit rounds that they were exposed to. Read
/// by DuckDB, which nobody else sees; rows come one unit after the other. Not thread-safe.
class UnitLog {
 public:
  /// Columns beside those that every log of units has.
  enum class Columns : std::uint8_t {
    kLists,  // list: JSON
    kRounds  // propensity, round: numbers; a log may lack them
  };

  explicit UnitLog(const LogLimits& limits = {});
  UnitLog(UnitLog&&) noexcept;
  UnitLog& operator=(UnitLog&&) noexcept;
  ~UnitLog();

  /// Reads log files, in place of what was read before. Throws as data::read_unit_rows.
  data::UnitRows read(const data::ReadOptions& options, Columns columns);

  /// The rows of units that were shown a list, after read() with kLists. The log must outlive it.
  [[nodiscard]] model::UnitHistories units_with_lists();
  /// The exposures to an experiment and the events `reward` of units with one, after read() with
  /// kRounds. The log must outlive it.
  [[nodiscard]] model::RoundRows rounds(const std::string& experiment, const std::string& reward);

 private:
  std::unique_ptr<data::Database> database_;
};

}  // namespace vitrine::statistics
