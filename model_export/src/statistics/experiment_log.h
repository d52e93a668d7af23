#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/event_log.h"
#include "data/unit_rows.h"
#include "model/unit_table.h"
#include "statistics/experiment_query.h"
#include "statistics/log_limits.h"

namespace vitrine::statistics {

/// The result of reading an experiment's log.
struct ExperimentLog {
  std::vector<std::string> files;
  std::uint64_t rows = 0;       // read, with refused ones
  std::uint64_t exposures = 0;  // of the experiment, that count
  std::uint64_t events = 0;     // others
  std::int64_t from = 0;        // first exposure that counts, seconds UTC
  std::int64_t until = 0;       // end of what counts, exclusive
  std::vector<data::LogProblem> problems;
};

/// An experiment's log, and what its units did.
struct ExperimentData {
  ExperimentLog log;
  model::UnitTable units;  // numbered by their names
};

/// Reads event logs with exposures among the events. Events of units that were never exposed are
/// left out. Neither the order of the files nor the number of threads changes the answer.
///
/// Throws Error: kIo for a missing file, kUsage for a wrong --map, kDataUnusable when a file cannot
/// be read or has no exposure of the experiment.
[[nodiscard]] ExperimentData read_experiment_log(const LogLimits& limits,
                                                 const data::ReadOptions& options,
                                                 const ExperimentQuery& query);

}  // namespace vitrine::statistics
