#include "statistics/floor.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "model_export/log_fixture.h"
#include "statistics/event_log.h"

namespace vitrine::statistics {
namespace {

constexpr std::int64_t kStart = 1600000000;

/// A log that grows by sessions.
class Log {
 public:
  Log& session(const std::vector<std::string>& items, const std::string& user = "",
               EventKind kind = EventKind::kView, const std::string& country = "") {
    std::int32_t position = 0;
    for (const std::string& item : items) {
      events_.push_back({.session = next_,
                         .position = position++,
                         .item = item,
                         .kind = kind,
                         .time = kStart + next_ * 1000 + position,
                         .country = country,
                         .user = user});
    }
    ++next_;
    return *this;
  }
  Log& sessions(int count, const std::vector<std::string>& items, EventKind kind = EventKind::kView,
                const std::string& country = "") {
    for (int i = 0; i < count; ++i) session(items, "", kind, country);
    return *this;
  }
  [[nodiscard]] model::TrainingData train(std::uint32_t min_shoppers) const {
    return event_log(events_).training_data({.min_shoppers = min_shoppers},
                                            [](const std::string&, double) {});
  }
  [[nodiscard]] const std::vector<LogEvent>& events() const { return events_; }

 private:
  std::vector<LogEvent> events_;
  std::int32_t next_ = 0;
};

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

/// The value of a pair of items, by their ids; below 0 without the pair.
float value_of(const model::LogStatistics& log, const std::vector<float>& values,
               const std::string& a, const std::string& b) {
  const auto number = [&](const std::string& id) {
    return static_cast<std::uint32_t>(std::find(log.items.ids.begin(), log.items.ids.end(), id) -
                                      log.items.ids.begin());
  };
  for (std::uint64_t p = log.pairs.offsets[number(a)]; p < log.pairs.offsets[number(a) + 1]; ++p) {
    if (log.pairs.partner[p] == number(b)) return values[p];
  }
  return -1.0F;
}

}  // namespace

TEST_CASE("items with fewer shoppers than the floor are not in the statistics") {
  Log log;
  log.sessions(5, {"five"}).sessions(4, {"four"}).sessions(5, {"five", "also"});
  const model::TrainingData data = log.train(5);
  CHECK(sorted(data.statistics.items.ids) == std::vector<std::string>{"also", "five"});
  const model::FloorCounts& floor = data.statistics.floor;
  CHECK(floor.min_shoppers == 5);
  CHECK(floor.items == 3);
  CHECK(floor.items_left_out == 1);
  CHECK(floor.events == 19);
  CHECK(floor.events_left_out == 4);
  CHECK(log.train(0).statistics.items.ids.size() == 3);
  CHECK(log.train(0).statistics.floor.min_shoppers == 0);
}

TEST_CASE("a shopper counts once, however many sessions and events there are") {
  Log log;
  for (int i = 0; i < 9; ++i) log.session({"mine", "mine"}, "one");
  for (int i = 0; i < 5; ++i) log.session({"ours"}, "user" + std::to_string(i));
  // Four shoppers with a name and one session without are five.
  for (int i = 0; i < 4; ++i) log.session({"mixed"}, "user" + std::to_string(i));
  log.session({"mixed"});
  CHECK(sorted(log.train(5).statistics.items.ids) == std::vector<std::string>{"mixed", "ours"});
}

TEST_CASE("what few shoppers did to an item counts as a view of it") {
  Log bought_by_four;
  bought_by_four.sessions(6, {"a"}).sessions(4, {"a"}, EventKind::kPurchase);
  Log viewed;
  viewed.sessions(10, {"a"});
  CHECK(bought_by_four.train(5).statistics.items.popularity ==
        viewed.train(5).statistics.items.popularity);
  CHECK(bought_by_four.train(0).statistics.items.popularity !=
        viewed.train(0).statistics.items.popularity);
  Log bought_by_five;
  bought_by_five.sessions(5, {"a"}).sessions(5, {"a"}, EventKind::kPurchase);
  CHECK(bought_by_five.train(5).statistics.items.popularity !=
        viewed.train(5).statistics.items.popularity);
}

TEST_CASE("a pair of fewer shoppers is in no sum, and separates a session") {
  Log log;
  log.sessions(8, {"a", "b"}).sessions(8, {"c"}).sessions(3, {"a", "b", "c"});
  const model::LogStatistics statistics = log.train(5).statistics;
  CHECK(value_of(statistics, statistics.pairs.together, "a", "b") > 0.0F);
  CHECK(value_of(statistics, statistics.pairs.together, "a", "c") < 0.0F);
  CHECK(value_of(statistics, statistics.pairs.future, "b", "c") < 0.0F);
  CHECK(statistics.floor.pairs == 3);
  CHECK(statistics.floor.pairs_left_out == 2);
  CHECK(statistics.floor.sessions == 19);
  CHECK(statistics.floor.sessions_cut == 3);
  CHECK(statistics.sessions.size() == 22);
  CHECK(statistics.sessions.shoppers.size() == 22);
}

TEST_CASE("an order that few shoppers had does not show") {
  Log one_way;
  one_way.sessions(9, {"a", "b"}).sessions(2, {"b", "a"});
  const model::LogStatistics ordered = one_way.train(5).statistics;
  CHECK(value_of(ordered, ordered.pairs.future, "a", "b") > 0.0F);
  CHECK(value_of(ordered, ordered.pairs.future, "b", "a") == 0.0F);
  Log both;
  both.sessions(4, {"a", "b"}).sessions(3, {"b", "a"});
  const model::LogStatistics mean = both.train(5).statistics;
  CHECK(value_of(mean, mean.pairs.future, "a", "b") > 0.0F);
  CHECK(value_of(mean, mean.pairs.future, "a", "b") == value_of(mean, mean.pairs.future, "b", "a"));
}

TEST_CASE("returns of few shoppers to an item do not show") {
  Log log;
  log.sessions(6, {"a", "b"}).sessions(2, {"a", "a"});
  const model::LogStatistics statistics = log.train(5).statistics;
  CHECK(value_of(statistics, statistics.pairs.future, "a", "a") == 0.0F);
  const model::LogStatistics all = log.train(0).statistics;
  CHECK(value_of(all, all.pairs.future, "a", "a") > 0.0F);
}

TEST_CASE("a country's list does not rise by items that few of its shoppers met") {
  Log log;
  for (int i = 0; i < 60; ++i) {
    log.sessions(6, {"item" + std::to_string(i)});
    log.sessions(6, {"item" + std::to_string(i)}, EventKind::kView, "BE");
  }
  Log more = log;
  for (int i = 0; i < 4; ++i) more.sessions(1, {"item59"}, EventKind::kPurchase, "NL");
  for (int i = 0; i < 30; ++i) {
    log.sessions(5, {"item" + std::to_string(i)}, EventKind::kView, "NL");
    more.sessions(5, {"item" + std::to_string(i)}, EventKind::kView, "NL");
  }
  const auto position = [](const model::TrainingData& data) {
    const auto& ids = data.statistics.items.ids;
    const auto item =
        static_cast<std::uint32_t>(std::find(ids.begin(), ids.end(), "item59") - ids.begin());
    for (const model::Market& market : data.markets) {
      if (market.name != "NL") continue;
      return std::find(market.items.begin(), market.items.end(), item) - market.items.begin();
    }
    return std::ptrdiff_t{-1};
  };
  REQUIRE(position(more.train(5)) >= 0);
  CHECK(position(more.train(5)) > 5);
  CHECK(position(more.train(0)) < 5);
}

TEST_CASE("statistics with a floor do not depend on the number of threads") {
  const auto log = random_log(3, 400, 60);
  const auto data_of = [&](unsigned threads) {
    return event_log(log, threads)
        .training_data({.min_shoppers = 5}, [](const std::string&, double) {});
  };
  const model::TrainingData one = data_of(1);
  const model::TrainingData three = data_of(3);
  CHECK(one.statistics.items.ids == three.statistics.items.ids);
  CHECK(one.statistics.pairs.partner == three.statistics.pairs.partner);
  CHECK(one.statistics.pairs.future == three.statistics.pairs.future);
  CHECK(one.statistics.sessions.items == three.statistics.sessions.items);
  CHECK(one.statistics.floor.pairs_left_out > 0);
}

}  // namespace vitrine::statistics
