#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/database.h"
#include "data/event_kind.h"
#include "model/pair_statistics.h"

namespace vitrine::statistics {

/// How events become statistics.
struct StatisticsOptions {
  std::array<double, kEventKinds> kind_weights = {1.0, 2.0, 3.0, 1.5, 0.0, 0.5};  // for popularity
  double popularity_half_life_days = 0.0;  // 0: a quarter of the log's time span
  double session_half_life_days = 0.0;     // 0: a third of the log's time span
  double past_decay = 0.5;                 // of a click's weight per click before a cut; (0, 1)
  double future_decay = 0.1;               // the same after a cut; (0, 1)
  std::uint32_t window = 10;               // clicks further apart do not count as a pair
  std::uint32_t longest_session = 1000;    // longer ones are robots and left out of pairs

  bool operator==(const StatisticsOptions&) const = default;
};

/// Items by number: most popular first.
struct ItemTable {
  std::vector<std::string> ids;
  std::vector<std::int64_t> events;
  std::vector<double> popularity;  // decayed weight
};

/// Sessions as item numbers in compressed form.
struct SessionTable {
  std::vector<std::uint64_t> offsets{0};  // [sessions + 1]
  std::vector<std::uint32_t> items;
  std::vector<EventKind> kinds;
  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
};

/// SQL for what a row of `events` counts for popularity, by its kind and its age at `latest.time`,
/// in units of kStatisticsUnit. `table`: where the log's time span is taken from.
[[nodiscard]] std::string popularity_sql(data::Database& database, const StatisticsOptions& options,
                                         std::string_view table);

/// What one counts for in the tables of statistics, which hold whole numbers.
inline constexpr double kStatisticsUnit = 1.0 / 1048576.0;

/// Makes the table `items` from the table `events`, and reads it.
[[nodiscard]] ItemTable count_items(data::Database& database, const StatisticsOptions& options,
                                    std::string_view events = "events");

/// As count_items, and makes the tables `clicks` and `firsts`.
[[nodiscard]] ItemTable aggregate_items(data::Database& database, const StatisticsOptions& options,
                                        std::string_view events = "events");

/// Sums up the pairs of items in `clicks`, by ranges of items with about `events_at_once`, which
/// bounds the memory and changes nothing else. Call after aggregate_items, with what it returned.
[[nodiscard]] model::PairStatistics aggregate_pairs(data::Database& database,
                                                    const StatisticsOptions& options,
                                                    const ItemTable& items,
                                                    std::int64_t events_at_once = 1'500'000);

/// Reads `clicks`. Call after aggregate_items.
[[nodiscard]] SessionTable read_clicks(data::Database& database);

}  // namespace vitrine::statistics
