#include "vitrine/visit/context.h"

#include <catch2/catch_test_macros.hpp>

#include "core/shop.h"

namespace vitrine {
namespace {

using testing::items;
using testing::OpenBundle;
using testing::small_shop;

std::vector<Ranked> first_visit(const Bundle& bundle, const RankRequest& request,
                                const Context& context) {
  FirstVisit first;
  return testing::rank(bundle, first.with(request, context), 4);
}

TEST_CASE("On a product's page a first visitor gets what follows that product, without it") {
  const OpenBundle shop(small_shop());
  const RankRequest request{.blend = {.session_rows = 1.0F}, .exclude_seen = true};
  const auto list = first_visit(shop.bundle, request, {.landing = testing::kKettle});
  CHECK(items(list)[0] == testing::kMug);
  CHECK(items(list)[1] == testing::kPan);
}

TEST_CASE("On a category's page its popular items come first, then the others") {
  const OpenBundle shop(small_shop());
  const std::uint32_t living[] = {*shop.bundle.catalog().categories().find("Living")};
  const RankRequest request{.blend = {.popularity = 1.0F}, .explain = true};
  const auto list = first_visit(shop.bundle, request, {.categories = living});
  CHECK(items(list) == std::vector<std::uint32_t>{testing::kLamp, testing::kVase, testing::kMug,
                                                  testing::kKettle});
  CHECK(list[0].reasons[0].kind == ReasonKind::kRule);
}

TEST_CASE("Where a shopper is known to be, what is best known there comes first") {
  const OpenBundle shop(small_shop());
  const Markets& markets = shop.bundle.markets();
  const RankRequest request{.blend = {.popularity = 1.0F}, .explain = true};
  const Context context{.market = markets.of(*markets.names.find("Norway"))};
  const auto list = first_visit(shop.bundle, request, context);
  CHECK(items(list) == std::vector<std::uint32_t>{testing::kTent, testing::kMug, testing::kKettle,
                                                  testing::kPan});  // the bowl is not available
  CHECK(list[0].reasons[0].kind == ReasonKind::kRule);
  CHECK(markets.names.find("Sweden") == std::nullopt);
  CHECK(markets.of(markets.names.size()).empty());
}

TEST_CASE("The first items of a market come before its next ones") {
  bundle::BundleContents contents = small_shop();
  std::uint32_t* market = contents.markets[0].items.data();
  std::fill_n(market, layout::kMarketSize, testing::kNobody);
  market[0] = testing::kTent;
  market[layout::kMarketFirst] = testing::kVase;
  const OpenBundle shop(contents);
  const auto list = first_visit(shop.bundle, {.blend = {.popularity = 1.0F}},
                                {.market = shop.bundle.markets().of(0)});
  CHECK(items(list) == std::vector<std::uint32_t>{testing::kTent, testing::kVase, testing::kMug,
                                                  testing::kKettle});
}

TEST_CASE("On a category's page a market counts within the category") {
  bundle::BundleContents contents = small_shop();
  contents.markets[0].items[1] = testing::kVase;
  const OpenBundle shop(contents);
  const std::uint32_t living[] = {*shop.bundle.catalog().categories().find("Living")};
  const auto list = first_visit(shop.bundle, {.blend = {.popularity = 1.0F}},
                                {.categories = living, .market = shop.bundle.markets().of(0)});
  CHECK(items(list) == std::vector<std::uint32_t>{testing::kVase, testing::kLamp, testing::kMug,
                                                  testing::kKettle});
}

TEST_CASE("The rules of the request keep their places before that of the category") {
  const OpenBundle shop(small_shop());
  const std::uint32_t living[] = {*shop.bundle.catalog().categories().find("Living")};
  const std::uint32_t vase[] = {testing::kVase};
  const Rule rules[] = {{.items = vase, .factor = 4.0F}};
  const RankRequest request{.rules = rules, .blend = {.popularity = 1.0F}, .explain = true};
  const auto list = first_visit(shop.bundle, request, {.categories = living});
  CHECK(items(list)[0] == testing::kVase);
  CHECK(list[0].reasons[0].item == 1);
  CHECK(list[0].reasons[1].item == 0);
}

TEST_CASE("Who has a history is ranked by that alone") {
  const OpenBundle shop(small_shop());
  const std::uint32_t living[] = {*shop.bundle.catalog().categories().find("Living")};
  const SessionEvent history[] = {{.item = testing::kMug}};
  const RankRequest request{.history = history, .blend = {.session_rows = 1.0F}};
  const Context context{
      .landing = testing::kLamp, .categories = living, .market = shop.bundle.markets().of(0)};
  CHECK(items(first_visit(shop.bundle, request, context)) ==
        items(testing::rank(shop.bundle, request, 4)));
}

}  // namespace
}  // namespace vitrine
