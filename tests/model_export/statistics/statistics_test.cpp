#include "statistics/statistics.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <set>

#include "model_export/log_fixture.h"

namespace vitrine::statistics {

namespace {

constexpr double kUnits = 1048576.0;  // statistics are kept in units of 2^-20

using Key = std::pair<std::string, std::string>;

/// Sums of one pair, and of how many rounded terms they are made.
struct PairSums {
  double together = 0.0;
  double past = 0.0;
  double future = 0.0;
  double terms = 0.0;
};
using Pairs = std::map<Key, PairSums>;

struct Aggregated {
  model::ItemTable items;
  model::PairStatistics pairs;
  model::SessionTable sessions;

  [[nodiscard]] Pairs by_id() const {
    Pairs out;
    for (std::uint32_t a = 0; a < pairs.item_count; ++a) {
      for (std::uint64_t p = pairs.offsets[a]; p < pairs.offsets[a + 1]; ++p) {
        out[{items.ids[a], items.ids[pairs.partner[p]]}] = {static_cast<double>(pairs.together[p]),
                                                            static_cast<double>(pairs.past[p]),
                                                            static_cast<double>(pairs.future[p])};
      }
    }
    return out;
  }
};

Aggregated aggregate(const std::vector<LogEvent>& log, const StatisticsOptions& options,
                     unsigned threads = 2, const std::string& part = "TRUE") {
  data::Database database({.threads = threads});
  make_events(database, log);
  database.execute("CREATE TABLE part AS SELECT * FROM events WHERE " + part);
  Aggregated result;
  result.items = aggregate_items(database, options, "part");
  result.pairs = aggregate_pairs(database, options, result.items);
  result.sessions = read_clicks(database);
  return result;
}

std::int64_t latest_time(const std::vector<LogEvent>& log) {
  std::int64_t latest = 0;
  for (const LogEvent& event : log) latest = std::max(latest, event.time);
  return latest;
}

/// Computes the sums of pairs.sql by a loop over every cut of every session.
Pairs pairs_by_loops(const std::vector<LogEvent>& log, const StatisticsOptions& options) {
  std::map<std::int32_t, std::vector<LogEvent>> sessions;
  for (const LogEvent& event : log) {
    if (event.kind != EventKind::kRemove) sessions[event.session].push_back(event);
  }
  const auto window = static_cast<std::ptrdiff_t>(options.window);
  Pairs sums;
  for (const auto& [number, clicks] : sessions) {
    const auto length = static_cast<std::ptrdiff_t>(clicks.size());
    if (clicks.size() > options.longest_session) continue;
    const double age = static_cast<double>(latest_time(log) - latest_time(clicks));
    const double weight = std::pow(0.5, age / (options.session_half_life_days * 86400.0));
    const auto sum_of = [&](std::ptrdiff_t i, std::ptrdiff_t j) -> PairSums& {
      PairSums& sum = sums[{clicks[static_cast<std::size_t>(i)].item,
                            clicks[static_cast<std::size_t>(j)].item}];
      sum.terms += 1.0;
      return sum;
    };
    for (std::ptrdiff_t cut = 1; cut < length; ++cut) {
      const auto past = [&](std::ptrdiff_t at) {
        return std::pow(options.past_decay, static_cast<double>(cut - 1 - at));
      };
      for (std::ptrdiff_t i = 0; i < cut; ++i) {
        for (std::ptrdiff_t j = 0; j < cut; ++j) {
          if (std::abs(i - j) <= window) sum_of(i, j).past += weight * past(i) * past(j);
        }
        for (std::ptrdiff_t j = cut; j < length && j - i <= window; ++j) {
          sum_of(i, j).future +=
              weight * past(i) * std::pow(options.future_decay, static_cast<double>(j - cut));
        }
      }
    }
    std::vector<std::string> distinct;
    for (const LogEvent& click : clicks) {
      if (std::find(distinct.begin(), distinct.end(), click.item) == distinct.end()) {
        distinct.push_back(click.item);
      }
    }
    for (std::size_t a = 0; a < distinct.size(); ++a) {
      for (std::size_t b = 0; b < distinct.size(); ++b) {
        if ((a > b ? a - b : b - a) > options.window) continue;
        PairSums& sum = sums[{distinct[a], distinct[b]}];
        sum.together += weight;
        sum.terms += 1.0;
      }
    }
  }
  return sums;
}

void check_close(double is, double expected, double terms) {
  // Half a unit for each rounded term, and one float rounding of the sum.
  CHECK(std::abs(is - expected) * kUnits <= 0.5 * terms + 1.0 + expected * kUnits * 0x1.0p-24);
}

void check_equal(const Pairs& is, const Pairs& expected) {
  for (const auto& [key, sums] : expected) {
    INFO(key.first << " -> " << key.second);
    REQUIRE(is.contains(key));
    check_close(is.at(key).together, sums.together, sums.terms);
    check_close(is.at(key).past, sums.past, sums.terms);
    check_close(is.at(key).future, sums.future, sums.terms);
  }
  CHECK(is.size() == expected.size());
}

/// Half-lives so long that no double feels them.
StatisticsOptions ageless() {
  return {.popularity_half_life_days = 1e15, .session_half_life_days = 1e15};
}

}  // namespace

TEST_CASE("pair statistics equal a loop over every cut of every session") {
  const std::vector<LogEvent> log = random_log(1, 60, 9);
  StatisticsOptions options;
  options.session_half_life_days = 2.0;
  SECTION("with a window shorter than sessions") { options.window = 3; }
  SECTION("with a window longer than sessions") { options.window = 20; }
  SECTION("with other decays") {
    options.past_decay = 0.7;
    options.future_decay = 0.2;
  }
  SECTION("without the longest sessions") { options.longest_session = 8; }
  const Aggregated result = aggregate(log, options);
  const Pairs expected = pairs_by_loops(log, options);
  REQUIRE(expected.size() > 50);
  check_equal(result.by_id(), expected);
}

TEST_CASE("without given half-lives sessions lose half in a third of the log") {
  const std::vector<LogEvent> log = random_log(2, 60, 9);
  std::int64_t first = log.front().time;
  for (const LogEvent& event : log) first = std::min(first, event.time);
  StatisticsOptions options;
  const Aggregated result = aggregate(log, options);
  options.session_half_life_days = static_cast<double>(latest_time(log) - first) / 3.0 / 86400.0;
  check_equal(result.by_id(), pairs_by_loops(log, options));
}

TEST_CASE("items are counted, weighted by kind and age, and numbered by popularity") {
  const std::vector<LogEvent> log = random_log(3, 60, 12);
  StatisticsOptions options;
  options.kind_weights = {1.0, 2.5, 3.0, 1.5, 9.0, 0.1};
  options.popularity_half_life_days = 1.5;
  const model::ItemTable items = aggregate(log, options).items;
  std::map<std::string, std::pair<std::int64_t, double>> expected;
  for (const LogEvent& event : log) {
    if (event.kind == EventKind::kRemove) continue;
    auto& [events, popularity] = expected[event.item];
    ++events;
    popularity += options.kind_weights[static_cast<std::size_t>(event.kind)] *
                  std::pow(0.5, static_cast<double>(latest_time(log) - event.time) / 129600.0);
  }
  REQUIRE(items.ids.size() == expected.size());
  for (std::size_t i = 0; i < items.ids.size(); ++i) {
    INFO(items.ids[i]);
    const auto& [events, popularity] = expected.at(items.ids[i]);
    CHECK(items.events[i] == events);
    CHECK(std::abs(items.popularity[i] - popularity) * kUnits <=
          0.5 * static_cast<double>(events) + 1.0);
    if (i > 0) CHECK(items.popularity[i - 1] >= items.popularity[i]);
  }
}

TEST_CASE("items of equal popularity are numbered by their ids") {
  std::vector<LogEvent> log;
  for (const char* item : {"c", "a", "b"}) {
    log.push_back(
        {.session = static_cast<std::int32_t>(log.size()), .item = item, .time = 1600000000});
  }
  CHECK(aggregate(log, ageless()).items.ids == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("statistics of two parts of the sessions add up to those of all") {
  const std::vector<LogEvent> log = random_log(4, 40, 12);
  std::vector<LogEvent> parts[2];
  for (const LogEvent& event : log) parts[event.session % 2].push_back(event);
  const Aggregated all = aggregate(log, ageless());
  Pairs sum;
  std::map<std::string, double> popularity;
  for (const auto& part : parts) {
    const Aggregated result = aggregate(part, ageless());
    for (const auto& [key, pair] : result.by_id()) {
      sum[key].together += pair.together;
      sum[key].past += pair.past;
      sum[key].future += pair.future;
    }
    for (std::size_t i = 0; i < result.items.ids.size(); ++i) {
      popularity[result.items.ids[i]] += result.items.popularity[i];
    }
  }
  const Pairs whole = all.by_id();
  REQUIRE(whole.size() == sum.size());
  for (const auto& [key, pair] : whole) {
    INFO(key.first << " -> " << key.second);
    // A float holds units of 2^-20 exactly up to 16, so not one unit may be missing.
    if (pair.past < 16.0) CHECK(pair.past == sum[key].past);
    if (pair.future < 16.0) CHECK(pair.future == sum[key].future);
    CHECK(pair.together == sum[key].together);
  }
  for (std::size_t i = 0; i < all.items.ids.size(); ++i) {
    CHECK(all.items.popularity[i] == popularity[all.items.ids[i]]);
  }
}

TEST_CASE("statistics do not depend on the number of threads or the order of rows") {
  std::vector<LogEvent> log = random_log(5, 3000, 80);
  const Aggregated one = aggregate(log, {}, 1);
  SplitMix random(9);
  for (std::size_t i = log.size() - 1; i > 0; --i) std::swap(log[i], log[random.below(i + 1)]);
  const Aggregated four = aggregate(log, {}, 4);
  CHECK(one.items.ids == four.items.ids);
  CHECK(one.items.popularity == four.items.popularity);
  CHECK(one.pairs.offsets == four.pairs.offsets);
  CHECK(one.pairs.partner == four.pairs.partner);
  CHECK(one.pairs.together == four.pairs.together);
  CHECK(one.pairs.past == four.pairs.past);
  CHECK(one.pairs.future == four.pairs.future);
  CHECK(one.sessions.items == four.sessions.items);
  CHECK(one.sessions.offsets == four.sessions.offsets);
}

TEST_CASE("pairs come out the same however few events are summed up at once") {
  data::Database database;
  make_events(database, random_log(6, 60, 12));
  const model::ItemTable items = aggregate_items(database, {});
  const model::PairStatistics whole = aggregate_pairs(database, {}, items);
  for (const std::int64_t at_once : {1, 40}) {
    const model::PairStatistics parts = aggregate_pairs(database, {}, items, at_once);
    CHECK(parts.offsets == whole.offsets);
    CHECK(parts.partner == whole.partner);
    CHECK(parts.together == whole.together);
    CHECK(parts.past == whole.past);
    CHECK(parts.future == whole.future);
  }
}

TEST_CASE("robots say nothing about pairs but their clicks are counted") {
  const std::vector<LogEvent> people = random_log(6, 20, 12);
  StatisticsOptions options = ageless();
  options.longest_session = 14;
  const Aggregated without = aggregate(people, options);
  std::vector<LogEvent> all = people;
  for (std::int32_t i = 0; i < 15; ++i) {
    all.push_back({.session = 20,
                   .position = i,
                   .item = "item" + std::to_string(i % 3),
                   .time = people.front().time + i});
  }
  const Aggregated with = aggregate(all, options);
  CHECK(with.sessions.size() == without.sessions.size());
  const Pairs pairs = with.by_id();
  const Pairs expected = without.by_id();
  REQUIRE(pairs.size() == expected.size());
  for (const auto& [key, pair] : expected) {
    CHECK(pairs.at(key).together == pair.together);
    CHECK(pairs.at(key).past == pair.past);
    CHECK(pairs.at(key).future == pair.future);
  }
  std::int64_t more = 0;
  for (const std::int64_t events : with.items.events) more += events;
  for (const std::int64_t events : without.items.events) more -= events;
  CHECK(more == 15);
}

TEST_CASE("what is not in the table of events leaves no trace, not even in the age of others") {
  const std::vector<LogEvent> log = random_log(7, 60, 9);
  std::vector<LogEvent> early;
  for (const LogEvent& event : log) {
    if (event.session < 40) early.push_back(event);
  }
  const StatisticsOptions options;
  const Aggregated expected = aggregate(early, options);
  const Aggregated result = aggregate(log, options, 2, "session < 40");
  CHECK(result.items.ids == expected.items.ids);
  CHECK(result.items.popularity == expected.items.popularity);
  CHECK(result.pairs.partner == expected.pairs.partner);
  CHECK(result.pairs.past == expected.pairs.past);
  CHECK(result.sessions.items == expected.sessions.items);
}

TEST_CASE("sessions are read in order, without what was taken out of the cart") {
  const std::vector<LogEvent> log = random_log(8, 30, 9);
  const Aggregated result = aggregate(log, {});
  std::size_t at = 0;
  std::set<std::int32_t> sessions;
  for (const LogEvent& event : log) {
    if (event.kind == EventKind::kRemove) continue;
    REQUIRE(at < result.sessions.items.size());
    CHECK(result.items.ids[result.sessions.items[at]] == event.item);
    CHECK(result.sessions.kinds[at] == event.kind);
    sessions.insert(event.session);
    ++at;
  }
  CHECK(at == result.sessions.items.size());
  CHECK(result.sessions.size() == sessions.size());
}

TEST_CASE("an empty log has empty statistics") {
  const Aggregated result = aggregate({}, {});
  CHECK(result.items.ids.empty());
  CHECK(result.pairs.pairs() == 0);
  CHECK(result.pairs.offsets == std::vector<std::uint64_t>{0});
  CHECK(result.sessions.size() == 0);
}

}  // namespace vitrine::statistics
