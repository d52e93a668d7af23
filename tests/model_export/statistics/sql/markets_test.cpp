#include "statistics/markets.h"

#include <catch2/catch_test_macros.hpp>

#include "model_export/log_fixture.h"
#include "recommend/training/first_visit_choice.h"
#include "statistics/statistics.h"

namespace vitrine::statistics {

namespace {

/// Sessions of one event on 40 items, the low numbers more often. Of the sessions in Norway most
/// are on items 30 to 33, if `differs`.
std::vector<LogEvent> log_of_countries(std::int32_t sessions, bool differs) {
  SplitMix random(3);
  std::vector<LogEvent> log;
  for (std::int32_t session = 0; session < sessions; ++session) {
    const bool norway = session % 10 == 0;
    const double u = random.uniform();
    auto item = static_cast<std::uint64_t>(u * u * 40.0);
    if (differs && norway && random.uniform() < 0.8) item = 30 + random.below(4);
    log.push_back({.session = session,
                   .item = "item" + std::to_string(item),
                   .time = 1600000000 + session * 600,
                   .country = norway              ? "Norway"
                              : session % 10 == 1 ? ""
                                                  : "Sweden"});
  }
  return log;
}

}  // namespace

TEST_CASE("a market is the items with the largest share of its events") {
  data::Database database;
  make_events(database, log_of_countries(4000, true));
  const model::ItemTable items = aggregate_items(database, {});
  const std::vector<model::Market> markets = aggregate_markets(database, {}, items);
  REQUIRE(markets.size() == 2);
  CHECK(markets[0].name == "Norway");
  CHECK(markets[1].name == "Sweden");
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string& id = items.ids[markets[0].items[i]];
    CHECK((id >= "item30" && id <= "item33"));
  }
}

TEST_CASE("countries with few events, and logs with few items, have no markets") {
  data::Database database;
  make_events(database, log_of_countries(500, true));  // 50 in Norway
  const model::ItemTable items = aggregate_items(database, {});
  const std::vector<model::Market> markets = aggregate_markets(database, {}, items);
  REQUIRE(markets.size() == 1);
  CHECK(markets[0].name == "Sweden");
  database.execute("DELETE FROM events WHERE item NOT IN ('item1', 'item2')");
  CHECK(aggregate_markets(database, {}, aggregate_items(database, {})).empty());
}

TEST_CASE("markets are kept where they predict first events, and left out where not") {
  for (const bool differs : {true, false}) {
    EventLog log = event_log(log_of_countries(20000, differs));
    recommend::TrainOptions options;
    const nlohmann::json report = recommend::choose_first_visit(log, options);
    INFO(report.dump());
    CHECK(options.markets == differs);
    CHECK(options.statistics.popularity_half_life_days == 0.0);
  }
}

TEST_CASE("where fashions pass, a short half-life of popularity is chosen, unless one is given") {
  SplitMix random(4);
  std::vector<LogEvent> log;
  for (std::int32_t session = 0; session < 20000; ++session) {
    const auto fashion = static_cast<std::uint64_t>(session) / 400;  // of fifty
    log.push_back({.session = session,
                   .item = "item" + std::to_string(10 * fashion + random.below(40)),
                   .time = 1600000000 + session * 600});
  }
  EventLog events = event_log(log);
  recommend::TrainOptions options;
  const nlohmann::json report = recommend::choose_first_visit(events, options);
  INFO(report.dump());
  CHECK(options.statistics.popularity_half_life_days > 0.0);
  CHECK(options.statistics.popularity_half_life_days < 10.0);
  recommend::TrainOptions given;
  given.statistics.popularity_half_life_days = 50.0;
  (void)recommend::choose_first_visit(events, given);
  CHECK(given.statistics.popularity_half_life_days == 50.0);
}

}  // namespace vitrine::statistics
