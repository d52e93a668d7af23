#pragma once

#include <string_view>
#include <vector>

#include "data/database.h"
#include "model/market.h"
#include "statistics/statistics.h"

namespace vitrine::statistics {

/// Returns the best-known items of every country with enough events. Items are compared by their
/// share of the country's events, weighted as for popularity and shrunk to their share of all
/// events (the mean under a Dirichlet prior of a hundred events). Returns nothing when the log
/// names no countries or has fewer items than a market. Sorted by name. Call it after
/// aggregate_items.
[[nodiscard]] std::vector<model::Market> aggregate_markets(data::Database& database,
                                                           const StatisticsOptions& options,
                                                           const model::ItemTable& items,
                                                           std::string_view events = "events");

}  // namespace vitrine::statistics
