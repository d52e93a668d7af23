#include "vitrine/visit/recommender.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "core/shop.h"

namespace vitrine {
namespace {

using testing::items;
using testing::kKettle;
using testing::kLamp;
using testing::kMug;
using testing::kPan;
using testing::kTent;
using testing::kVase;
using testing::OpenBundle;
using testing::small_shop;

using Items = std::vector<std::uint32_t>;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

/// The small shop, with sessions that end after half an hour and then count half.
bundle::BundleContents shop_with_pauses() {
  bundle::BundleContents shop = small_shop();
  shop.settings.session_gap = 1800;
  shop.settings.session_decay = 0.5F;
  shop.settings.opening_decay = 0.5F;
  return shop;
}

struct Page {
  OpenBundle shop{shop_with_pauses()};
  Recommender recommender{shop.bundle};
  Shopper shopper{shop.bundle.settings().session_gap};

  [[nodiscard]] const Bundle& bundle() const { return shop.bundle; }
  std::vector<Ranked> list(const ListRequest& request) {
    const auto list = recommender.list(shopper, request);
    return {list.begin(), list.end()};
  }
};

TEST_CASE("A running session's items are left out and its list follows it") {
  Page page;
  page.shopper.record({.item = kMug}, kHour);
  ListRequest request = ListRequest::of(ListMode::kRecommend);
  request.now = kHour + kMinute;
  const auto list = page.list(request);
  const SessionEvent history[] = {{.item = kMug}};
  const auto expected = testing::rank(
      page.bundle(),
      {.history = history, .blend = page.bundle().settings().recommend, .exclude_seen = true}, 12);
  CHECK(items(list) == items(expected));
  CHECK(list[0].score == expected[0].score);
}

TEST_CASE("After silence the list is that of a session which is over") {
  Page page;
  page.shopper.record({.item = kMug}, kHour);
  ListRequest request = ListRequest::of(ListMode::kRecommend);
  request.now = kHour + kMinute;
  const float during = page.list(request)[0].score;
  request.now = 3 * kHour;
  const auto list = page.list(request);
  const SessionEvent history[] = {{.item = kMug}};
  const auto expected = testing::rank(page.bundle(),
                                      {.history = history,
                                       .session_over = true,
                                       .blend = page.bundle().settings().recommend,
                                       .exclude_seen = true},
                                      12);
  CHECK(items(list) == items(expected));
  CHECK(list[0].score < during);
  CHECK(std::ranges::count(items(list), std::uint32_t{kMug}) == 1);
}

TEST_CASE("A first visit goes by the context, a later one by the history alone") {
  Page page;
  const std::uint32_t living[] = {*page.bundle().catalog().categories().find("Living")};
  const ListRequest request{.limit = 2, .context = {.categories = living}};
  CHECK(items(page.list(request)) == Items{kLamp, kVase});
  page.shopper.record({.item = kMug});
  CHECK(items(page.list(request))[0] == kKettle);
}

TEST_CASE("Rules, a filter and excluded items count in each mode") {
  Page page;
  page.shopper.record({.item = kMug});
  const std::uint32_t kitchen[] = {*page.bundle().catalog().categories().find("Kitchen")};
  const std::uint32_t pan[] = {kPan};
  const std::uint32_t kettle[] = {kKettle};
  const Rule rules[] = {{.items = pan, .factor = 1000.0F}};
  const std::uint32_t given[] = {kMug, kKettle, kLamp, kPan};
  for (const ListMode mode :
       {ListMode::kRecommend, ListMode::kRerank, ListMode::kSimilar, ListMode::kPopular}) {
    ListRequest request = ListRequest::of(mode);
    request.given = given;
    request.filter.categories = kitchen;
    request.rules = rules;
    request.exclude = kettle;
    const Items list = items(page.list(request));
    INFO(static_cast<int>(mode));
    REQUIRE_FALSE(list.empty());
    CHECK(list[0] == kPan);
    CHECK(std::ranges::count(list, std::uint32_t{kKettle}) == 0);
    CHECK(std::ranges::count(list, std::uint32_t{kLamp}) == 0);
  }
}

TEST_CASE("Items like another, and popular ones, can leave out what the running session has had") {
  Page page;
  page.shopper.record({.item = kTent}, 0);
  page.shopper.record({.item = kKettle}, 2 * kHour);
  const std::uint32_t mug[] = {kMug};
  for (const ListMode mode : {ListMode::kSimilar, ListMode::kPopular}) {
    ListRequest request = ListRequest::of(mode);
    request.given = mug;
    request.now = 2 * kHour;
    const auto has = [&](std::uint32_t item) {
      return std::ranges::count(items(page.list(request)), item) == 1;
    };
    CHECK(has(kKettle));
    request.exclude_seen = true;
    CHECK_FALSE(has(kKettle));
    CHECK(has(kTent));  // of an earlier session
    request.now = 4 * kHour;
    CHECK(has(kKettle));
  }
}

TEST_CASE("Items like another do not depend on the session") {
  Page page;
  const std::uint32_t mug[] = {kMug};
  ListRequest request = ListRequest::of(ListMode::kSimilar);
  request.given = mug;
  const auto before = page.list(request);
  page.shopper.record({.item = kLamp});
  CHECK(items(page.list(request)) == items(before));
  CHECK(std::ranges::count(items(before), std::uint32_t{kMug}) == 0);
  const std::uint32_t beyond[] = {page.bundle().item_count()};
  request.given = beyond;
  CHECK(page.list(request).empty());
  request.given = {};
  CHECK(page.list(request).empty());
}

TEST_CASE("Re-ranking orders all given items before the limit cuts the list") {
  Page page;
  page.shopper.record({.item = kLamp});
  const std::uint32_t given[] = {kMug, testing::kBowl, kVase, kVase, testing::kNobody};
  ListRequest request = ListRequest::of(ListMode::kRerank);
  request.given = given;
  // A page may show again what it has, sold out or not.
  CHECK(items(page.list(request)) == Items{kVase, kMug, testing::kBowl});
  request.limit = 1;
  CHECK(items(page.list(request)) == Items{kVase});
  request.given = {};
  CHECK(page.list(request).empty());
}

TEST_CASE("A plan arranges the list, and a limit beyond all items is all items") {
  Page page;
  const Pin pins[] = {{.place = 0, .item = kTent}};
  const Plan plan{.pins = pins};
  ListRequest request = ListRequest::of(ListMode::kRecommend);
  request.limit = 1000;
  CHECK(items(page.list(request)).front() == kMug);
  CHECK(page.list(request).size() == 7);  // the bowl is not available
  request.plan = &plan;
  CHECK(items(page.list(request)).front() == kTent);
  request.limit = 0;
  CHECK(page.list(request).empty());
}

TEST_CASE("A blend of the request's own replaces the bundle's for lists by the session") {
  Page page;
  page.shopper.record({.item = kLamp});
  const layout::Blend popular{.popularity = 1.0F};
  ListRequest request{.limit = 1, .blend = &popular, .exclude_seen = true};
  CHECK(items(page.list(request)) == Items{kMug});
  request.blend = nullptr;
  CHECK(items(page.list(request)) == Items{kVase});
}

}  // namespace
}  // namespace vitrine
