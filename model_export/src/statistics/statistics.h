#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/database.h"
#include "model/item_table.h"
#include "model/pair_statistics.h"
#include "model/session_table.h"
#include "statistics/statistics_options.h"

namespace vitrine::statistics {

/// Returns SQL for the weight of a row of `events` for popularity, by its kind and its age at
/// `latest.time`, in units of kStatisticsUnit. `table` gives the log's time span.
[[nodiscard]] std::string popularity_sql(data::Database& database, const StatisticsOptions& options,
                                         std::string_view table);

/// The value of 1 in the tables of statistics, which contain whole numbers.
inline constexpr double kStatisticsUnit = 1.0 / 1048576.0;

/// Makes the table `items` from the table `events`, and reads it. With a floor, `events` must be a
/// view of make_floor here and below.
[[nodiscard]] model::ItemTable count_items(data::Database& database,
                                           const StatisticsOptions& options,
                                           std::string_view events = "events");

/// As count_items, and makes the tables `clicks` and `firsts`.
[[nodiscard]] model::ItemTable aggregate_items(data::Database& database,
                                               const StatisticsOptions& options,
                                               std::string_view events = "events");

/// Sums up the pairs of items in `clicks`, by ranges of items with about `events_at_once`, which
/// bounds the memory and changes nothing else. Call after aggregate_items, with what it returned.
///
/// Shoppers of a pair are told apart by 64 bits, which add up over sessions and days and never
/// count too many: a pair of exactly min_shoppers shoppers may be left out.
[[nodiscard]] model::PairStatistics aggregate_pairs(data::Database& database,
                                                    const StatisticsOptions& options,
                                                    const model::ItemTable& items,
                                                    std::int64_t events_at_once = 1'500'000);

/// Events of each item in the last `days` days of `events`, by item number; removals from the cart
/// do not count, nor does an item that fewer than min_shoppers shoppers met in these days. Call
/// after count_items; `items`: how many it returned.
[[nodiscard]] std::vector<std::int64_t> count_recent_events(data::Database& database,
                                                            const StatisticsOptions& options,
                                                            std::size_t items, int days,
                                                            std::string_view events = "events");

/// Reads `clicks`, with the shopper of each session. Call after aggregate_items.
[[nodiscard]] model::SessionTable read_clicks(data::Database& database);

}  // namespace vitrine::statistics
