#include "vitrine/ranking/item_groups.h"

#include <catch2/catch_test_macros.hpp>
#include <numeric>

#include "core/shop.h"
#include "vitrine/split_mix.h"

namespace vitrine {
namespace {

using namespace testing;

/// 6,000 items, more than the head of popularity holds, in categories of two levels.
bundle::BundleContents large_shop() {
  SplitMix random(5);
  bundle::BundleContents shop;
  shop.settings = small_shop().settings;
  for (std::uint32_t i = 0; i < 6000; ++i) {
    shop.ids.push_back(std::to_string(i));
    shop.popularity.push_back(static_cast<double>(random.below(5000)));
    model::ItemAttributes item;
    if (i % 11 != 0) {
      item.category = std::string(1, static_cast<char>('a' + random.below(4))) + "/" +
                      std::to_string(random.below(5));
    }
    if (i % 7 != 0) item.brand = std::to_string(random.below(30));
    item.price = static_cast<float>(random.below(100));
    item.available = random.below(3) > 0;
    shop.attributes.push_back(std::move(item));
  }
  return shop;
}

TEST_CASE("A filter's lists hold each of its items once, the best-known first") {
  const OpenBundle shop(large_shop());
  ItemGroups groups(shop.bundle);
  const std::uint32_t categories = shop.bundle.catalog().categories().size();
  const std::uint32_t brands = shop.bundle.catalog().brands().size();
  SplitMix random(8);
  for (int round = 0; round < 200; ++round) {
    const bool by_brand = round % 2 == 1;
    std::vector<std::uint32_t> names;
    for (std::uint64_t left = 1 + random.below(6); left > 0; --left) {
      names.push_back(
          static_cast<std::uint32_t>(random.below((by_brand ? brands : categories) + 2)));
    }
    Filter filter{.available_only = false};
    (by_brand ? filter.brands : filter.categories) = names;
    std::vector<std::uint32_t> found;
    for (const ItemGroups::List& list : groups.find(filter)) {
      for (std::size_t i = 1; i < list.size(); ++i) {
        REQUIRE(shop.bundle.popularity().before(list[i - 1], list[i]));
      }
      found.insert(found.end(), list.begin(), list.end());
    }
    std::sort(found.begin(), found.end());
    std::vector<std::uint32_t> expected;
    for (std::uint32_t item = 0; item < shop.bundle.item_count(); ++item) {
      if (passes(filter, shop.bundle.catalog(), item)) expected.push_back(item);
    }
    REQUIRE(found == expected);
  }
}

TEST_CASE("A filter without names, or with very many, has no lists") {
  const OpenBundle shop(large_shop());
  ItemGroups groups(shop.bundle);
  CHECK(groups.find({}).empty());
  const std::vector<std::uint32_t> many(ItemGroups::kMost + 1, 3);
  CHECK(groups.find({.categories = many}).empty());
  const std::uint32_t unknown[] = {kNobody};
  CHECK_FALSE(groups.find({.categories = unknown}).empty());
}

TEST_CASE("A list asked for n items has n, whatever passes the filter, and the best of them") {
  const OpenBundle shop(large_shop());
  const Bundle& bundle = shop.bundle;
  SplitMix random(9);
  for (int round = 0; round < 60; ++round) {
    const auto category =
        static_cast<std::uint32_t>(random.below(bundle.catalog().categories().size()));
    const auto brand = static_cast<std::uint32_t>(random.below(bundle.catalog().brands().size()));
    Filter filter{.max_price = static_cast<float>(random.below(100)),
                  .available_only = round % 8 != 0};
    if (round % 24 == 0) filter = {.available_only = false};  // everything
    if (round % 3 != 0) filter.categories = {&category, 1};
    if (round % 2 != 0) filter.brands = {&brand, 1};
    const std::size_t limit =
        round % 4 == 0 ? bundle.item_count() : 1 + static_cast<std::size_t>(random.below(300));
    std::vector<std::uint32_t> expected;
    for (std::uint32_t item = 0; item < bundle.item_count(); ++item) {
      if (passes(filter, bundle.catalog(), item)) expected.push_back(item);
    }
    std::sort(expected.begin(), expected.end(),
              [&](std::uint32_t a, std::uint32_t b) { return bundle.popularity().before(a, b); });
    expected.resize(std::min(limit, expected.size()));
    RankRequest request{.blend = {.popularity = 1.0F}};
    request.filter = filter;
    REQUIRE(items(rank(bundle, request, limit)) == expected);
  }
}

}  // namespace
}  // namespace vitrine
