#pragma once

#include <string_view>
#include <vector>

#include "data/database.h"
#include "model/market.h"
#include "statistics/statistics.h"

namespace vitrine::statistics {

/// The best-known items of every country of the log that has events enough for it: by their share
/// of the country's events, weighted as for popularity, drawn to their share of all events as if a
/// hundred of these were the country's (the mean under a Dirichlet prior). Nothing where the log
/// names no countries, or has fewer items than a market. Sorted by name. Call after
/// aggregate_items.
[[nodiscard]] std::vector<model::Market> aggregate_markets(data::Database& database,
                                                           const StatisticsOptions& options,
                                                           const model::ItemTable& items,
                                                           std::string_view events = "events");

}  // namespace vitrine::statistics
