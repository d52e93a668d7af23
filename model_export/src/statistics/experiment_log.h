#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "data/event_log.h"
#include "data/unit_rows.h"
#include "model/event_sum.h"
#include "model/unit_table.h"
#include "statistics/log_limits.h"

namespace vitrine::statistics {

/// What is asked of an experiment's log.
struct ExperimentQuery {
  std::string experiment;
  std::vector<std::string> variations;  // names as the log has them
  std::vector<std::string> segments;    // columns of the exposures
  std::vector<std::string> values;      // columns of numbers that the sums take
  std::vector<model::EventSum> sums;
  std::int64_t from = 0;                // seconds UTC; 0: the first exposure
  std::int64_t until = 0;               // 0: the end of the log
  std::uint64_t most_exposures = 1000;  // a unit with more is a bot
  double window_days = 0.0;  // that a sum covers from a unit's first exposure; 0: until the end
  double before_days = 0.0;  // that a sum covers before it
  /// The variation that the definition gives a unit, below 0: none. Empty: there is no definition.
  std::function<int(std::string_view unit)> assigned;
};

/// What was read of an experiment's log.
struct ExperimentLog {
  std::vector<std::string> files;
  std::uint64_t rows = 0;       // read, with refused ones
  std::uint64_t exposures = 0;  // of the experiment, that count
  std::uint64_t events = 0;     // others
  std::int64_t from = 0;        // first exposure that counts, seconds UTC
  std::int64_t until = 0;       // end of what counts, exclusive
  std::vector<data::LogProblem> problems;
  model::UnitTable units;  // by name
};

/// Reads event logs with exposures among the events. Events of units that were never exposed are
/// left out. Neither the order of the files nor the number of threads changes the answer.
///
/// Throws Error: kIo for a missing file, kUsage for a wrong --map, kDataUnusable when a file cannot
/// be read or has no exposure of the experiment.
[[nodiscard]] ExperimentLog read_experiment_log(const LogLimits& limits,
                                                const data::ReadOptions& options,
                                                const ExperimentQuery& query);

}  // namespace vitrine::statistics
