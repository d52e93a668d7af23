#include "recommend/training/first_visit_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

namespace vitrine::recommend {
namespace {

using nlohmann::json;

constexpr std::size_t kList = 20;
constexpr std::size_t kFewestAsked = 300;
/// The shares of the log's time span in which popularity halves; the first is the default.
constexpr double kShares[] = {1.0 / 4, 1.0 / 8, 1.0 / 16, 1.0 / 32, 1.0 / 64};

/// Place of the first kList items of a list, by id, from 1.
using Places = std::unordered_map<std::string, std::size_t>;

/// The place of each event in its list; 0: not in the list.
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
  [[nodiscard]] FirstVisitScore score() const {
    double reciprocal = 0.0;
    for (const std::size_t rank : ranks) {
      if (rank > 0) reciprocal += 1.0 / static_cast<double>(rank);
    }
    const double count = std::max(1.0, static_cast<double>(ranks.size()));
    return {.asked = ranks.size(), .hit_rate = hit_rate(), .mrr = reciprocal / count};
  }
  /// Returns true when this is better by more than one standard error of the difference (McNemar:
  /// the events that only one of both hits).
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
Places places_of(const Items& items, const model::ItemTable& table) {
  Places places;
  for (const std::uint32_t item : items) {
    if (places.size() < kList) places.emplace(table.ids[item], places.size() + 1);
  }
  return places;
}

Places most_popular(const model::ItemTable& table) {
  std::vector<std::uint32_t> first(std::min(kList, table.ids.size()));
  for (std::uint32_t i = 0; i < first.size(); ++i) first[i] = i;
  return places_of(first, table);
}

Ranks ranks_in(const Places& places, const std::vector<model::Opening>& openings) {
  Ranks ranks;
  for (const model::Opening& opening : openings) ranks.add(places, opening.item);
  return ranks;
}

/// Chooses the half-life of popularity.
void choose_half_life(statistics::LogPart& before_openings, statistics::StatisticsOptions& options,
                      const std::vector<model::Opening>& openings, FirstVisitChoice& choice) {
  const double span_days = before_openings.span_days();
  if (options.popularity_half_life_days > 0.0 || span_days <= 0.0) return;
  Ranks before;
  Ranks best;
  double chosen = 0.0;
  for (const double share : kShares) {
    statistics::StatisticsOptions candidate = options;
    candidate.popularity_half_life_days = span_days * share;
    Ranks ranks = ranks_in(most_popular(before_openings.count_items(candidate)), openings);
    choice.half_lives.push_back({candidate.popularity_half_life_days, ranks.score()});
    if (share == kShares[0]) {
      before = best = std::move(ranks);
    } else if (ranks.beats(before) && ranks.hits() > best.hits()) {
      best = std::move(ranks);
      chosen = candidate.popularity_half_life_days;
    }
  }
  if (chosen > 0.0) {
    options.popularity_half_life_days = chosen;
    choice.reasons.push_back(
        fmt::format("popularity (half-life {:.3g} days) accepted: HR@{} of first events {:.4f}; "
                    "{:.4f} with {:.3g} days",
                    chosen, kList, best.hit_rate(), before.hit_rate(), span_days * kShares[0]));
  }
}

}  // namespace

FirstVisitChoice choose_first_visit(statistics::TrainingSource& source, TrainOptions& options) {
  FirstVisitChoice choice;
  const statistics::HeldOutOpenings held_out = source.hold_out_openings();
  const std::vector<model::Opening>& openings = held_out.openings;
  if (openings.size() >= kFewestAsked) {
    choose_half_life(*held_out.before, options.statistics, openings, choice);
    const model::ItemTable items = held_out.before->count_items(options.statistics);
    const Places everywhere = most_popular(items);
    std::unordered_map<std::string, Places> by_market;
    for (const model::Market& market :
         held_out.before->aggregate_markets(options.statistics, items)) {
      by_market.emplace(market.name, places_of(market.items, items));
    }
    Ranks without;
    Ranks with;
    for (const model::Opening& opening : openings) {
      const auto market = by_market.find(opening.country);
      if (market == by_market.end()) continue;
      without.add(everywhere, opening.item);
      with.add(market->second, opening.item);
    }
    if (!with.ranks.empty()) {
      options.markets = options.markets && with.beats(without);
      choice.markets = {.with = with.score(), .without = without.score()};
      choice.reasons.push_back(fmt::format(
          "the best-known items of each country {}: HR@{} of first events {:.4f}; {:.4f} without "
          "them",
          options.markets ? "accepted" : "rejected", kList, with.hit_rate(), without.hit_rate()));
    }
  }
  return choice;
}

// Not in an unnamed namespace: the library finds these by the namespace of their argument.

static void to_json(json& out, const FirstVisitScore& score) {
  out = {{"asked", score.asked}, {"hit_rate", score.hit_rate}, {"mrr", score.mrr}};
}

static void to_json(json& out, const FirstVisitChoice::HalfLife& tried) {
  out = tried.score;
  out.push_back({"days", tried.days});
}

void to_json(json& out, const FirstVisitChoice& choice) {
  out = {{"reasons", choice.reasons}};
  if (!choice.half_lives.empty()) out.push_back({"half_lives", choice.half_lives});
  if (const auto& markets = choice.markets) {
    out.push_back({"markets", {{"with", markets->with}, {"without", markets->without}}});
  }
}

}  // namespace vitrine::recommend
