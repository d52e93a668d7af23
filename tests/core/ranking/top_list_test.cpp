#include "vitrine/ranking/top_list.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "core/random_shop.h"

namespace vitrine {
namespace {

using namespace testing;

TEST_CASE("A top list keeps the best of all candidates, in the total order") {
  std::mt19937 random(2);
  const OpenBundle shop(random_shop(200, random));
  TopList list(shop.bundle.popularity());
  for (const std::size_t capacity : {1, 2, 3, 20, 199, 200, 300}) {
    std::vector<ScoredItem> all;
    // Few different scores, so that popularity decides often.
    for (std::uint32_t item = 0; item < 200; ++item) {
      all.push_back({.item = item, .score = static_cast<float>(pick(random, 9))});
    }
    std::shuffle(all.begin(), all.end(), random);
    list.start(capacity);
    for (const ScoredItem& candidate : all) list.push(candidate);
    CHECK(list.full() == (capacity <= 200));
    list.sort();
    std::sort(all.begin(), all.end(),
              [&](const ScoredItem& a, const ScoredItem& b) { return list.before(a, b); });
    all.resize(std::min(capacity, all.size()));
    REQUIRE(std::equal(all.begin(), all.end(), list.view().begin(), list.view().end(),
                       [](const ScoredItem& a, const ScoredItem& b) {
                         return a.item == b.item && a.score == b.score;
                       }));
  }
}

TEST_CASE("A top list that is scored anew keeps the best by the new scores") {
  const OpenBundle shop(small_shop());
  TopList list(shop.bundle.popularity());
  list.start(4);
  for (std::uint32_t item = 0; item < 8; ++item) {
    list.push({.item = item, .score = static_cast<float>(item)});
  }
  list.rescore(2, [](std::uint32_t item) { return -static_cast<float>(item); });
  REQUIRE(list.view().size() == 2);
  CHECK(list.view()[0].item == 4);
  CHECK(list.view()[1].item == 5);
}

}  // namespace
}  // namespace vitrine
