#include "recommend/models/shared_sets.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <vector>

#include "vitrine/split_mix.h"

namespace vitrine::recommend {
namespace {

using Sets = std::vector<std::vector<std::uint32_t>>;

model::SessionTable table_of(const Sets& sessions, std::vector<std::uint32_t> shoppers = {}) {
  model::SessionTable table;
  for (const auto& session : sessions) {
    table.items.insert(table.items.end(), session.begin(), session.end());
    table.kinds.resize(table.items.size());
    table.offsets.push_back(table.items.size());
  }
  table.shoppers = std::move(shoppers);
  return table;
}

Sets sets_of(const model::SessionTable& table) {
  Sets sets;
  for (std::size_t s = 0; s < table.size(); ++s) {
    sets.emplace_back(table.items.begin() + static_cast<std::ptrdiff_t>(table.offsets[s]),
                      table.items.begin() + static_cast<std::ptrdiff_t>(table.offsets[s + 1]));
  }
  return sets;
}

}  // namespace

TEST_CASE("a shared set is the part of a session that enough shoppers had, and stands once") {
  const Sets sessions = {{0, 1, 2, 9}, {2, 1, 0}, {0, 1, 2, 8}, {5, 6}, {5, 6}};
  CHECK(sets_of(shared_sets(table_of(sessions), 10, 3)) == Sets{{0, 1, 2}});
  CHECK(sets_of(shared_sets(table_of(sessions), 10, 2)) == Sets{{0, 1, 2}, {5, 6}});
}

TEST_CASE("sessions of one shopper are one shopper") {
  const Sets sessions = {{0, 1}, {0, 1}, {0, 1}, {2, 3}, {2, 3}, {2, 3}};
  CHECK(sets_of(shared_sets(table_of(sessions, {4, 4, 4, 1, 2, 3}), 4, 3)) == Sets{{2, 3}});
}

TEST_CASE("every shared set of random sessions has enough shoppers") {
  SplitMix random(7);
  Sets sessions;
  std::vector<std::uint32_t> shoppers;
  for (int s = 0; s < 600; ++s) {
    std::vector<std::uint32_t> items;
    const std::uint64_t length = 1 + random.below(6);
    for (std::uint64_t i = 0; i < length; ++i) {
      items.push_back(static_cast<std::uint32_t>(random.below(20)));
    }
    sessions.push_back(items);
    shoppers.push_back(static_cast<std::uint32_t>(random.below(200)));
  }
  const Sets sets = sets_of(shared_sets(table_of(sessions, shoppers), 20, 5));
  REQUIRE(sets.size() > 20);
  for (const auto& set : sets) {
    REQUIRE(set.size() >= 2);
    CHECK(std::is_sorted(set.begin(), set.end()));
    std::set<std::uint32_t> with;
    for (std::size_t s = 0; s < sessions.size(); ++s) {
      const bool has_all = std::all_of(set.begin(), set.end(), [&](std::uint32_t item) {
        return std::find(sessions[s].begin(), sessions[s].end(), item) != sessions[s].end();
      });
      if (has_all) with.insert(shoppers[s]);
    }
    CHECK(with.size() >= 5);
  }
}

}  // namespace vitrine::recommend
