#pragma once

#include "data/database.h"
#include "model/unit_table.h"
#include "statistics/experiment_query.h"

namespace vitrine::statistics {

/// Reads the tables that read_experiment_log makes:
///     exposed_units: unit INTEGER (0.., by name), name VARCHAR, arm INTEGER, first BIGINT,
///                    segment0 VARCHAR ... (one for each of query.segments; NULL where unknown)
///     unit_events:   unit INTEGER, time BIGINT, kind UTINYINT, word VARCHAR, revenue DOUBLE,
///                    value0 DOUBLE ... (one for each of query.values)
/// `from` and `until`: those of ExperimentLog.
[[nodiscard]] model::UnitTable read_units(data::Database& database, const ExperimentQuery& query,
                                          std::int64_t from, std::int64_t until);

}  // namespace vitrine::statistics
