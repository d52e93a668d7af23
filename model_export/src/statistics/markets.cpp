#include "statistics/markets.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "vitrine_sql.h"

namespace vitrine::statistics {
namespace {

constexpr int kFewestEvents = 100;
constexpr int kMostMarkets = 64;
constexpr int kLongestName = 100;
/// Events of the whole log that count as the country's.
constexpr double kPrior = 100.0;

/// Chooses among the popular items and those seen in the country; no other item can be the best.
model::Market best_known(std::string name, const std::vector<double>& here,
                         const model::ItemTable& items) {
  const double all = std::accumulate(items.popularity.begin(), items.popularity.end(), 0.0);
  std::vector<std::uint32_t> candidates;
  for (std::uint32_t item = 0; item < here.size(); ++item) {
    if (item < layout::kMarketSize || here[item] > 0.0) candidates.push_back(item);
  }
  const auto weight = [&](std::uint32_t item) {
    return here[item] + (all > 0.0 ? kPrior * items.popularity[item] / all : 0.0);
  };
  model::Market market{.name = std::move(name), .items = {}};
  std::partial_sort_copy(candidates.begin(), candidates.end(), market.items.begin(),
                         market.items.end(), [&](std::uint32_t a, std::uint32_t b) {
                           return weight(a) != weight(b) ? weight(a) > weight(b) : a < b;
                         });
  return market;
}

}  // namespace

std::vector<model::Market> aggregate_markets(data::Database& database,
                                             const StatisticsOptions& options,
                                             const model::ItemTable& items,
                                             std::string_view events) {
  std::vector<model::Market> markets;
  if (items.ids.size() < layout::kMarketSize) return markets;
  data::Rows rows =
      database.query(fmt::format(fmt::runtime(sql::markets), fmt::arg("events", events),
                                 fmt::arg("weight", popularity_sql(database, options, events)),
                                 fmt::arg("fewest", kFewestEvents), fmt::arg("most", kMostMarkets),
                                 fmt::arg("longest", kLongestName)));
  std::string name;
  std::vector<double> here(items.ids.size());
  const auto finish = [&] {
    if (!name.empty()) markets.push_back(best_known(name, here, items));
    std::fill(here.begin(), here.end(), 0.0);
  };
  while (const data::Chunk* chunk = rows.next()) {
    const auto item = chunk->int32s(1);
    const auto popularity = chunk->int64s(2);
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      if (chunk->text(0, i) != name) {
        finish();
        name = chunk->text(0, i);
      }
      here[static_cast<std::size_t>(item[i])] =
          static_cast<double>(popularity[i]) * kStatisticsUnit;
    }
  }
  finish();
  return markets;
}

}  // namespace vitrine::statistics
