#include "recommend/models/session_sample.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "core/shop.h"
#include "model_export/log_fixture.h"
#include "statistics/statistics.h"

namespace vitrine::recommend {

namespace {

model::SessionTable table_of(const std::vector<std::vector<std::uint32_t>>& sessions) {
  model::SessionTable table;
  for (const auto& session : sessions) {
    table.items.insert(table.items.end(), session.begin(), session.end());
    table.kinds.resize(table.items.size());
    table.offsets.push_back(table.items.size());
  }
  return table;
}

/// Each pair of items of a session counts once.
model::PairStatistics pairs_of(const std::vector<std::vector<std::uint32_t>>& sessions,
                               std::uint32_t items) {
  model::PairStatistics pairs;
  pairs.item_count = items;
  pairs.offsets = {0};
  for (std::uint32_t a = 0; a < items; ++a) {
    for (std::uint32_t b = 0; b < items; ++b) {
      float together = 0.0F;
      for (const auto& session : sessions) {
        const bool has_a = std::find(session.begin(), session.end(), a) != session.end();
        const bool has_b = std::find(session.begin(), session.end(), b) != session.end();
        if (has_a && has_b) together += 1.0F;
      }
      if (together == 0.0F) continue;
      pairs.partner.push_back(b);
      pairs.together.push_back(together);
    }
    pairs.offsets.push_back(pairs.partner.size());
  }
  return pairs;
}

SessionSampler sampler_of(const std::vector<std::vector<std::uint32_t>>& sessions,
                          std::uint32_t items) {
  return {table_of(sessions), pairs_of(sessions, items)};
}

}  // namespace

TEST_CASE("all sessions are sets of items, latest first, without those of one item") {
  const SessionSampler sampler = sampler_of({{3, 1, 3}, {2, 2}, {4, 0, 1, 0}}, 5);
  CHECK(sampler.entries() == 5);
  CHECK(sampler.take(99) == model::SampledSessions{.offsets = {0, 3, 5}, .items = {0, 1, 4, 1, 3}});
}

TEST_CASE("of a session that is too long the latest items count") {
  std::vector<std::uint32_t> session(300);
  for (std::uint32_t i = 0; i < 300; ++i) session[i] = i;
  const model::SampledSessions all = sampler_of({session}, 300).take(1000);
  REQUIRE(all.items.size() == model::SampledSessions::kLongest);
  CHECK(all.items.front() == 300 - model::SampledSessions::kLongest);
  CHECK(all.items.back() == 299);
}

TEST_CASE("a sample never has more entries than asked for, and nearly so many") {
  data::Database database;
  make_events(database, random_log(5, 2000, 80));
  const model::ItemTable items = statistics::aggregate_items(database, {});
  const model::PairStatistics pairs = statistics::aggregate_pairs(database, {}, items);
  const SessionSampler sampler(statistics::read_clicks(database), pairs);
  for (const std::size_t wanted :
       {std::size_t{0}, std::size_t{1}, std::size_t{50}, sampler.entries() / 2,
        sampler.entries() - 1, sampler.entries()}) {
    const model::SampledSessions sample = sampler.take(wanted);
    INFO(wanted << " of " << sampler.entries() << " wanted, " << sample.items.size() << " taken");
    CHECK(sample.items.size() <= wanted);
    CHECK(sample.items.size() + 40 >= wanted);
    CHECK(sample.offsets.back() == sample.items.size());
    CHECK(sample == sampler.take(wanted));
    for (std::size_t s = 0; s < sample.size(); ++s) {
      const auto begin = sample.items.begin() + sample.offsets[s];
      const auto end = sample.items.begin() + sample.offsets[s + 1];
      CHECK(end - begin >= 2);
      CHECK(std::adjacent_find(begin, end, std::greater_equal<>()) == end);
    }
  }
}

TEST_CASE("pairs that come up again are kept before those seen once") {
  // Both are as old; 0 and 1 meet in five sessions, 2 and 3 in one.
  const model::SampledSessions sample =
      sampler_of({{0, 1}, {0, 1}, {0, 1}, {0, 1}, {2, 3}, {0, 1}}, 4).take(2);
  CHECK(sample.items == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("items that later sessions speak for already give way to others") {
  // The latest twelve entries would be six times 0 and 1.
  std::vector<std::vector<std::uint32_t>> sessions = {{2, 3}, {2, 3}};
  sessions.insert(sessions.end(), 8, {0, 1});
  const model::SampledSessions sample = sampler_of(sessions, 4).take(12);
  CHECK(std::count(sample.items.begin(), sample.items.end(), 0U) == 5);
  CHECK(std::count(sample.items.begin(), sample.items.end(), 2U) == 1);
}

}  // namespace vitrine::recommend
