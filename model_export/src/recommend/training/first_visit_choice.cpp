#include "recommend/training/first_visit_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

#include "statistics/markets.h"

namespace vitrine::recommend {
namespace {

using nlohmann::json;

constexpr std::size_t kList = 20;
constexpr std::size_t kFewestAsked = 300;
/// The part of the log's span in which popularity halves; the first is the default.
constexpr double kShares[] = {1.0 / 4, 1.0 / 8, 1.0 / 16, 1.0 / 32, 1.0 / 64};

/// The first event of a session.
struct Opening {
  std::string item;
  std::string country;  // empty: not known
};

/// Place of the first kList items of a list, by id, from 1.
using Places = std::unordered_map<std::string, std::size_t>;

/// The place of each asked event in its list, 0: not there.
struct Ranks {
  std::vector<std::size_t> ranks;

  void add(const Places& places, const std::string& item) {
    const auto at = places.find(item);
    ranks.push_back(at == places.end() ? 0 : at->second);
  }
  [[nodiscard]] std::size_t hits() const {
    return ranks.size() - static_cast<std::size_t>(std::count(ranks.begin(), ranks.end(), 0U));
  }
  [[nodiscard]] double hit_rate() const {
    return ranks.empty() ? 0.0 : static_cast<double>(hits()) / static_cast<double>(ranks.size());
  }
  [[nodiscard]] json to_json() const {
    double reciprocal = 0.0;
    for (const std::size_t rank : ranks) {
      if (rank > 0) reciprocal += 1.0 / static_cast<double>(rank);
    }
    const double count = std::max(1.0, static_cast<double>(ranks.size()));
    return {{"asked", ranks.size()}, {"hit_rate", hit_rate()}, {"mrr", reciprocal / count}};
  }
  /// By more than one standard error of the difference (McNemar: the events that one alone hits).
  [[nodiscard]] bool beats(const Ranks& other) const {
    double won = 0.0;
    double lost = 0.0;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      won += ranks[i] > 0 && other.ranks[i] == 0 ? 1.0 : 0.0;
      lost += ranks[i] == 0 && other.ranks[i] > 0 ? 1.0 : 0.0;
    }
    return won - lost > std::sqrt(won + lost);
  }
};

template <typename Items>
Places places_of(const Items& items, const statistics::ItemTable& table) {
  Places places;
  for (const std::uint32_t item : items) {
    if (places.size() < kList) places.emplace(table.ids[item], places.size() + 1);
  }
  return places;
}

Places most_popular(const statistics::ItemTable& table) {
  std::vector<std::uint32_t> first(std::min(kList, table.ids.size()));
  for (std::uint32_t i = 0; i < first.size(); ++i) first[i] = i;
  return places_of(first, table);
}

/// Makes the view `before_openings` of what came before the latest tenth of the sessions.
std::vector<Opening> hold_out_openings(data::Database& database) {
  database.execute(
      "CREATE OR REPLACE TABLE starts AS SELECT session, min(time) AS start FROM events GROUP BY "
      "session; CREATE OR REPLACE VIEW before_openings AS SELECT * FROM events WHERE time < "
      "(SELECT quantile_disc(start, 0.9) FROM starts)");
  data::Rows rows = database.query(
      "SELECT item, country FROM (SELECT item, country, row_number() OVER (PARTITION BY session "
      "ORDER BY position) AS place, session FROM events JOIN starts USING (session) WHERE kind <> "
      "4 AND start >= (SELECT quantile_disc(start, 0.9) FROM starts)) WHERE place = 1 ORDER BY "
      "session");
  std::vector<Opening> openings;
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      openings.push_back({std::string(chunk->text(0, i)), std::string(chunk->text(1, i))});
    }
  }
  return openings;
}

Ranks ranks_in(const Places& places, const std::vector<Opening>& openings) {
  Ranks ranks;
  for (const Opening& opening : openings) ranks.add(places, opening.item);
  return ranks;
}

/// Chooses the half-life of popularity.
void choose_half_life(data::Database& database, statistics::StatisticsOptions& options,
                      const std::vector<Opening>& openings, json& report) {
  const double span_days = static_cast<double>(database.query_int64(
                               "SELECT coalesce(max(time) - min(time), 0) FROM before_openings")) /
                           86400.0;
  if (options.popularity_half_life_days > 0.0 || span_days <= 0.0) return;
  Ranks before;
  Ranks best;
  double chosen = 0.0;
  report["half_lives"] = json::array();
  for (const double share : kShares) {
    statistics::StatisticsOptions candidate = options;
    candidate.popularity_half_life_days = span_days * share;
    Ranks ranks = ranks_in(
        most_popular(statistics::count_items(database, candidate, "before_openings")), openings);
    json tried = ranks.to_json();
    tried["days"] = candidate.popularity_half_life_days;
    report["half_lives"].push_back(std::move(tried));
    if (share == kShares[0]) {
      before = best = std::move(ranks);
    } else if (ranks.beats(before) && ranks.hits() > best.hits()) {
      best = std::move(ranks);
      chosen = candidate.popularity_half_life_days;
    }
  }
  if (chosen > 0.0) {
    options.popularity_half_life_days = chosen;
    report["reasons"].push_back(
        fmt::format("popularity (half-life {:.3g} days) accepted: HR@{} of first events {:.4f}; "
                    "{:.4f} with {:.3g} days",
                    chosen, kList, best.hit_rate(), before.hit_rate(), span_days * kShares[0]));
  }
}

}  // namespace

json choose_first_visit(data::Database& database, TrainOptions& options) {
  json report = {{"reasons", json::array()}};
  const std::vector<Opening> openings = hold_out_openings(database);
  if (openings.size() >= kFewestAsked) {
    choose_half_life(database, options.statistics, openings, report);
    const statistics::ItemTable items =
        statistics::count_items(database, options.statistics, "before_openings");
    const Places everywhere = most_popular(items);
    std::unordered_map<std::string, Places> by_market;
    for (const model::Market& market :
         statistics::aggregate_markets(database, options.statistics, items, "before_openings")) {
      by_market.emplace(market.name, places_of(market.items, items));
    }
    Ranks without;
    Ranks with;
    for (const Opening& opening : openings) {
      const auto market = by_market.find(opening.country);
      if (market == by_market.end()) continue;
      without.add(everywhere, opening.item);
      with.add(market->second, opening.item);
    }
    if (!with.ranks.empty()) {
      options.markets = options.markets && with.beats(without);
      report["markets"] = {{"with", with.to_json()}, {"without", without.to_json()}};
      report["reasons"].push_back(fmt::format(
          "the best-known items of each country {}: HR@{} of first events {:.4f}; {:.4f} without "
          "them",
          options.markets ? "accepted" : "rejected", kList, with.hit_rate(), without.hit_rate()));
    }
  }
  database.execute("DROP VIEW before_openings; DROP TABLE starts; DROP TABLE IF EXISTS items");
  return report;
}

}  // namespace vitrine::recommend
