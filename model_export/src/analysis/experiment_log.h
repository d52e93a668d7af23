#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/analysis_config.h"
#include "data/event_log.h"
#include "data/unit_rows.h"

namespace vitrine::analysis {

/// What was read of an experiment's log.
struct ExperimentLog {
  std::vector<std::string> files;
  std::uint64_t rows = 0;       // read, with refused ones
  std::uint64_t exposures = 0;  // of the experiment, that count
  std::uint64_t events = 0;     // others
  std::int64_t from = 0;        // first exposure that counts, seconds UTC
  std::int64_t until = 0;       // end of what counts, exclusive
  std::vector<data::LogProblem> problems;
};

/// Reads event logs with exposures among the events into two tables, which are replaced:
///     exposed_units: unit INTEGER (0.., by name), name VARCHAR, arm INTEGER, first BIGINT,
///                    segment0 VARCHAR ... (one for each of config.segments; NULL where unknown)
///     unit_events:   unit INTEGER, time BIGINT, kind UTINYINT, word VARCHAR, revenue DOUBLE,
///                    value0 DOUBLE ... (one for each of `values`: columns of numbers)
/// Events of who was never exposed are left out. Neither the order of the files nor the number of
/// threads changes the tables.
///
/// Throws Error: kIo for a missing file, kUsage for a wrong --map, kDataUnusable when a file cannot
/// be read or has no exposure of the experiment.
[[nodiscard]] ExperimentLog read_experiment_log(data::Database& database,
                                                const data::ReadOptions& options,
                                                const AnalysisConfig& config,
                                                const std::vector<std::string>& values);

}  // namespace vitrine::analysis
