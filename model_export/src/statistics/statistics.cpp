#include "statistics/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vitrine_sql.h"

namespace vitrine::statistics {
namespace {

/// `days`, or the given share of the log's time span, in seconds; never 0.
double half_life_seconds(data::Database& database, std::string_view events, double days,
                         double share) {
  if (days > 0.0) return days * 86400.0;
  const std::int64_t span = database.query_int64(
      fmt::format("SELECT coalesce(max(time) - min(time), 0) FROM {}", events));
  return std::max(1.0, static_cast<double>(span) * share);
}

/// Returns SQL for the weight of two clicks with a distance of `gap`: for the past by the distance
/// to the later click, for the future summed over all cuts between them.
std::string gaps_sql(const StatisticsOptions& options) {
  std::string rows;
  for (std::uint32_t gap = 1; gap <= options.window; ++gap) {
    double future = 0.0;
    for (std::uint32_t before = 0; before < gap; ++before) {
      future +=
          std::pow(options.past_decay, before) * std::pow(options.future_decay, gap - 1 - before);
    }
    rows += fmt::format("{}({}, {}::DOUBLE, {}::DOUBLE)", gap > 1 ? ", " : "", gap,
                        std::pow(options.past_decay, gap), future);
  }
  return rows;
}

/// Items `first` to `last`.
struct ItemRange {
  std::size_t first = 0, last = 0;
};

std::vector<ItemRange> ranges_of(const model::ItemTable& items, std::int64_t events_at_once) {
  std::vector<ItemRange> ranges;
  std::int64_t events = events_at_once;
  for (std::size_t item = 0; item < items.ids.size(); ++item) {
    if (events >= events_at_once) {
      ranges.push_back({.first = item});
      events = 0;
    }
    events += items.events[item];
    ranges.back().last = item;
  }
  return ranges;
}

}  // namespace

std::string popularity_sql(data::Database& database, const StatisticsOptions& options,
                           std::string_view table) {
  std::string kinds = "CASE kind";
  for (std::size_t kind = 0; kind < options.kind_weights.size(); ++kind) {
    kinds += fmt::format(" WHEN {} THEN {}", kind, options.kind_weights[kind]);
  }
  return fmt::format(
      "CAST(round(1048576 * ({} ELSE 0 END) * pow(0.5, (latest.time - events.time) / {})) AS "
      "BIGINT)",
      kinds, half_life_seconds(database, table, options.popularity_half_life_days, 0.25));
}

model::ItemTable count_items(data::Database& database, const StatisticsOptions& options,
                             std::string_view events_table) {
  database.execute(
      fmt::format(fmt::runtime(sql::items), fmt::arg("events", events_table),
                  fmt::arg("weight", popularity_sql(database, options, events_table))));
  model::ItemTable items;
  data::Rows rows = database.query("SELECT id, events, popularity FROM items ORDER BY item");
  while (const data::Chunk* chunk = rows.next()) {
    const auto events = chunk->int64s(1);
    const auto popularity = chunk->int64s(2);
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      items.ids.emplace_back(chunk->text(0, i));
      items.events.push_back(events[i]);
      items.popularity.push_back(static_cast<double>(popularity[i]) * kStatisticsUnit);
    }
  }
  return items;
}

model::ItemTable aggregate_items(data::Database& database, const StatisticsOptions& options,
                                 std::string_view events_table) {
  model::ItemTable items = count_items(database, options, events_table);
  database.execute(fmt::format(
      fmt::runtime(sql::clicks), fmt::arg("events", events_table),
      fmt::arg("half_life", half_life_seconds(database, events_table,
                                              options.session_half_life_days, 1.0 / 3.0)),
      fmt::arg("longest", options.longest_session),
      fmt::arg("shopper", options.has_floor() ? "shopper" : "session")));
  return items;
}

model::PairStatistics aggregate_pairs(data::Database& database, const StatisticsOptions& options,
                                      const model::ItemTable& items, std::int64_t events_at_once) {
  database.execute(
      "CREATE OR REPLACE TABLE transitions (a INTEGER, b INTEGER, past BIGINT, future BIGINT, "
      "marks UBIGINT);"
      "CREATE OR REPLACE TABLE joint (a INTEGER, b INTEGER, together BIGINT, marks UBIGINT)");
  const std::vector<ItemRange> ranges = ranges_of(items, events_at_once);
  for (const ItemRange range : ranges) {
    database.execute(fmt::format(fmt::runtime(sql::pairs), fmt::arg("gaps", gaps_sql(options)),
                                 fmt::arg("decay", options.past_decay),
                                 fmt::arg("window", options.window), fmt::arg("from", range.first),
                                 fmt::arg("to", range.last)));
  }
  const std::uint32_t least = options.has_floor() ? options.min_shoppers : 0;
  // Returns of few shoppers to an item would hide among the item's own weight.
  database.execute(
      fmt::format("DELETE FROM transitions WHERE a = b AND bit_count(marks) < {}", least));
  model::PairStatistics pairs;
  pairs.item_count = static_cast<std::uint32_t>(items.ids.size());
  pairs.offsets.assign(items.ids.size() + 1, 0);
  for (const ItemRange range : ranges) {
    data::Rows rows = database.query(fmt::format(
        fmt::runtime(sql::pair_rows), fmt::arg("decay", options.past_decay),
        fmt::arg("from", range.first), fmt::arg("to", range.last), fmt::arg("least", least)));
    while (const data::Chunk* chunk = rows.next()) {
      const auto a = chunk->int32s(0);
      const auto b = chunk->int32s(1);
      const auto together = chunk->int64s(2);
      const auto past = chunk->int64s(3);
      const auto future = chunk->int64s(4);
      const auto shoppers = chunk->int32s(5);
      for (std::size_t i = 0; i < chunk->size(); ++i) {
        if (shoppers[i] < static_cast<std::int32_t>(least)) {
          if (a[i] < b[i]) ++pairs.left_out;
          continue;
        }
        ++pairs.offsets[static_cast<std::size_t>(a[i]) + 1];
        pairs.partner.push_back(static_cast<std::uint32_t>(b[i]));
        pairs.together.push_back(
            static_cast<float>(static_cast<double>(together[i]) * kStatisticsUnit));
        pairs.past.push_back(static_cast<float>(static_cast<double>(past[i]) * kStatisticsUnit));
        pairs.future.push_back(
            static_cast<float>(static_cast<double>(future[i]) * kStatisticsUnit));
      }
    }
  }
  for (std::size_t i = 1; i < pairs.offsets.size(); ++i) pairs.offsets[i] += pairs.offsets[i - 1];
  database.execute("DROP TABLE transitions; DROP TABLE joint");
  return pairs;
}

std::vector<std::int64_t> count_recent_events(data::Database& database,
                                              const StatisticsOptions& options, std::size_t items,
                                              int days, std::string_view events_table) {
  std::vector<std::int64_t> counts(items);
  data::Rows rows = database.query(fmt::format(
      "SELECT items.item, count(*) FROM {0} AS events JOIN items ON events.item = items.id "
      "WHERE kind <> 4 AND time > (SELECT max(time) FROM {0}) - {1} GROUP BY items.item "
      "HAVING count(DISTINCT {2}) >= {3}",
      events_table, days * 86400, options.has_floor() ? "shopper" : "session",
      options.has_floor() ? options.min_shoppers : 0));
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      counts[static_cast<std::size_t>(chunk->int32s(0)[i])] = chunk->int64s(1)[i];
    }
  }
  return counts;
}

model::SessionTable read_clicks(data::Database& database) {
  model::SessionTable table;
  data::Rows rows =
      database.query("SELECT session, item, kind, shopper FROM clicks ORDER BY session, position");
  std::int32_t current = -1;
  while (const data::Chunk* chunk = rows.next()) {
    const auto session = chunk->int32s(0);
    const auto item = chunk->int32s(1);
    const auto kind = chunk->uint8s(2);
    const auto shopper = chunk->int32s(3);
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      if (session[i] != current && !table.items.empty())
        table.offsets.push_back(table.items.size());
      if (session[i] != current) table.shoppers.push_back(static_cast<std::uint32_t>(shopper[i]));
      current = session[i];
      table.items.push_back(static_cast<std::uint32_t>(item[i]));
      table.kinds.push_back(static_cast<EventKind>(kind[i]));
    }
  }
  if (!table.items.empty()) table.offsets.push_back(table.items.size());
  return table;
}

}  // namespace vitrine::statistics
