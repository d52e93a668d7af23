#include "vitrine/ranking/signals/trending_signal.h"

#include <catch2/catch_test_macros.hpp>

#include "core/shop.h"

namespace vitrine {
namespace {

using namespace testing;

/// small_shop() with a bowl that trends, and with a vase at a fifth of its rate.
const RankRequest kAll{.filter = {.available_only = false}, .explain = true};

RankRequest with(layout::Blend blend) {
  RankRequest request = kAll;
  request.blend = blend;
  return request;
}

TEST_CASE("Items that trend come first, by their rate, and the rest by popularity") {
  const OpenBundle shop(small_shop());
  const auto list = rank(shop.bundle, with({.popularity = 0.1F, .trending = 1.0F}), 4);
  CHECK(items(list) == std::vector<std::uint32_t>{kBowl, kVase, kMug, kKettle});
  CHECK(list[0].score == 1.0F + 0.1F * shop.bundle.popularity().share(kBowl));
  CHECK(list[1].score == 51.0F / 255.0F + 0.1F * shop.bundle.popularity().share(kVase));
}

TEST_CASE("Trending is the reason of what trends, and of nothing else") {
  const OpenBundle shop(small_shop());
  const auto list = rank(shop.bundle, with({.popularity = 0.01F, .trending = 1.0F}), 3);
  CHECK(list[0].reasons[0].kind == ReasonKind::kTrending);
  CHECK(list[0].reasons[0].score == 1.0F);
  CHECK(list[2].reasons[0].kind == ReasonKind::kPopularity);
  CHECK(list[2].reason_count == 1);
}

TEST_CASE("Trending moves items within a list that is given") {
  const OpenBundle shop(small_shop());
  Ranker ranker(shop.bundle);
  const std::uint32_t given[] = {kMug, kVase, kBowl};
  std::array<Ranked, 3> list;
  REQUIRE(ranker.rerank(given, with({.popularity = 0.1F, .trending = 1.0F}), list) == 3);
  CHECK(items(list) == std::vector<std::uint32_t>{kBowl, kVase, kMug});
}

TEST_CASE("A bundle without trending rates ranks as with a weight of 0") {
  bundle::BundleContents contents = small_shop();
  const OpenBundle shop(contents);
  contents.trend.clear();
  const OpenBundle without(contents);
  CHECK(without.bundle.trend().empty());
  CHECK(items(rank(without.bundle, with({.popularity = 0.1F, .trending = 1.0F}), 8)) ==
        items(rank(shop.bundle, with({.popularity = 0.1F}), 8)));
}

TEST_CASE("Trending rates move with the numbers of their items, and must be one for each") {
  bundle::BundleContents contents = small_shop();
  contents.partitions = {};
  contents.arrangement = {7, 6, 5, 4, 3, 2, 1, 0};
  const OpenBundle moved(contents);
  CHECK(moved.bundle.trend()[7 - kBowl] == 255);
  contents.arrangement.clear();
  contents.trend.pop_back();
  CHECK(Bundle::open(bundle::write_bundle(contents)).status() == Status::kBadSectionSize);
}

}  // namespace
}  // namespace vitrine
