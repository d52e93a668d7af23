#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <random>

#include "bundle/overlay_writer.h"
#include "core/shop.h"

namespace vitrine {
namespace {

using bundle::AddedItem;
using bundle::OverlayContents;
using testing::items;
using testing::OpenBundle;
using testing::rank;
using testing::small_shop;

constexpr std::uint32_t kCup = 8;  // the first added item of full_overlay, by id
constexpr std::uint32_t kJug = 9;  // and the second

/// Changes between two trainings: a price, stock in both directions, popularity, and two new items.
bundle::OverlayContents full_overlay(const Bundle& bundle) {
  bundle::OverlayContents overlay;
  overlay.base_hash = bundle.content_hash();
  overlay.priced = {testing::kMug, testing::kTent};
  overlay.prices = {11.0F, 99.0F};
  overlay.available = {testing::kPan, testing::kBowl};
  overlay.popular = {testing::kTent};
  overlay.popularity = {0xFFFF};
  overlay.popularity_shift = 2048;
  const std::uint16_t mugs = bundle.catalog().category(testing::kMug);
  overlay.added = {{.id = "cup-9",
                    .category = mugs,
                    .brand = bundle.catalog().brand(testing::kMug),
                    .price = 10.0F,
                    .popularity = 0x8000,
                    .alike = {testing::kKettle, testing::kBowl},
                    .shares = {102, 51}},  // .4 and .2
                   {.id = "jug-9", .category = mugs, .available = false, .popularity = 0}};
  overlay.experiments = std::string(R"({"experiments":[{"key":"now"}]})");
  return overlay;
}

/// A bundle and an overlay that it has taken.
struct Changed {
  OpenBundle shop;
  std::vector<std::byte> overlay;

  explicit Changed(bundle::BundleContents contents = small_shop())
      : shop(contents), overlay(bundle::write_overlay(full_overlay(shop.bundle))) {
    REQUIRE(shop.bundle.apply(overlay) == Status::kOk);
  }
  [[nodiscard]] const Bundle& bundle() const { return shop.bundle; }
};

Status apply_status(const bundle::OverlayContents& overlay) {
  OpenBundle shop(small_shop());
  const std::vector<std::byte> bytes = bundle::write_overlay(overlay);
  return shop.bundle.apply(bytes);
}

void sign(std::vector<std::byte>& bytes) {
  if (bytes.size() < sizeof(layout::OverlayHeader)) return;
  const std::uint64_t hash = content_hash(std::span(bytes).subspan(layout::kHashedFrom));
  std::memcpy(bytes.data() + offsetof(layout::OverlayHeader, content_hash), &hash, sizeof hash);
}

/// Uses all that an overlay changes; a sanitizer build fails when any of it reaches outside.
void exercise(const Bundle& bundle) {
  const ItemNames names(bundle.ids());
  std::array<char, layout::kMaxIdBytes> id;
  for (std::uint32_t item = 0; item < bundle.item_count(); ++item) {
    REQUIRE(bundle.ids().find(names.id_of(item, id)) == item);
  }
  std::vector<SessionEvent> history;
  for (std::uint32_t item = 0; item < bundle.item_count(); ++item)
    history.push_back({.item = item});
  Ranker ranker(bundle);
  Arranger arranger(bundle);
  std::vector<Ranked> list(bundle.item_count());
  layout::Blend blend = bundle.settings().recommend;
  blend.embeddings = 1.0F;
  blend.neighbours = 1.0F;
  const RankRequest request{.history = history, .blend = blend, .explain = true};
  for (const Ranked& place : std::span(list).first(ranker.rank(request, list))) {
    float sum = 0.0F;
    for (const Reason& reason : std::span(place.reasons).first(place.reason_count)) {
      sum += reason.score;
    }
    REQUIRE(std::fabs(sum - place.score) <= 1e-5F * std::max(1.0F, std::fabs(place.score)));
  }
  for (std::uint32_t item = 0; item < bundle.item_count(); ++item) {
    (void)ranker.similar(item, {.explain = true}, list);
  }
  (void)arranger.arrange(ranker, request, {}, {.diversity = {.relevance = 0.5F}}, list);
}

/// Asks for all items that session rows name after `history`, with reasons.
RankRequest after(std::span<const SessionEvent> history) {
  return {.history = history,
          .filter = {.available_only = false},
          .blend = {.session_rows = 1.0F},
          .exclude_seen = true,
          .explain = true};
}

TEST_CASE("An overlay changes prices, stock, popularity and experiments") {
  const Changed changed;
  const Bundle& bundle = changed.bundle();
  CHECK(bundle.item_count() == 10);
  CHECK(bundle.catalog().price(testing::kMug) == 11.0F);
  CHECK(bundle.catalog().price(testing::kTent) == 99.0F);
  CHECK(bundle.catalog().price(testing::kKettle) == 60.0F);
  CHECK_FALSE(bundle.catalog().available(testing::kPan));
  CHECK(bundle.catalog().available(testing::kBowl));
  CHECK(bundle.catalog().available(testing::kMug));
  CHECK(bundle.popularity().share(testing::kTent) == 1.0F);
  CHECK(std::fabs(bundle.popularity().share(testing::kMug) - 0.5F) < 1e-3F);
  CHECK(bundle.popularity().share(testing::kNew) == 0.0F);
  CHECK(bundle.popularity().best(1).front() == testing::kTent);
  CHECK(bundle.experiments() == R"({"experiments":[{"key":"now"}]})");
  exercise(bundle);
}

TEST_CASE("Added items have ids, attributes and stock of their own") {
  const Changed changed;
  const Bundle& bundle = changed.bundle();
  CHECK(bundle.ids().find("cup-9") == kCup);
  CHECK(bundle.ids().find("jug-9") == kJug);
  CHECK(bundle.ids().find("mug-1") == testing::kMug);
  CHECK(bundle.catalog().price(kCup) == 10.0F);
  CHECK(bundle.catalog().price(kJug) == layout::kNoPrice);
  CHECK(bundle.catalog().brand(kJug) == layout::kNoBrand);
  CHECK(bundle.catalog().available(kCup));
  CHECK_FALSE(bundle.catalog().available(kJug));
}

TEST_CASE("An added item scores the shares of what is like it, and says why") {
  const Changed changed;
  const SessionEvent history[] = {{.item = testing::kMug}};
  const auto list = rank(changed.bundle(), after(history), 10);
  REQUIRE(items(list)[0] == testing::kKettle);
  REQUIRE(items(list)[1] == testing::kBowl);
  REQUIRE(items(list)[2] == kCup);
  CHECK(std::fabs(list[2].score - (0.4F * list[0].score + 0.2F * list[1].score)) < 1e-6F);
  REQUIRE(list[2].reason_count == 1);
  CHECK(list[2].reasons[0].kind == ReasonKind::kSessionRow);
  CHECK(list[2].reasons[0].item == testing::kMug);
}

TEST_CASE("Neighbours and embeddings lend to added items as session rows do") {
  const Changed changed;
  const SessionEvent history[] = {{.item = testing::kLamp}, {.item = testing::kPan}};
  for (const layout::Blend blend :
       {layout::Blend{.embeddings = 1.0F}, layout::Blend{.neighbours = 1.0F}}) {
    const auto list = rank(
        changed.bundle(),
        {.history = history, .filter = {.available_only = false}, .blend = blend, .explain = true},
        10);
    const auto score = [&](std::uint32_t item) {
      return std::find_if(list.begin(), list.end(), [&](const Ranked& r) { return r.item == item; })
          ->score;
    };
    CHECK(score(kCup) > 0.0F);
    CHECK(std::fabs(score(kCup) - (0.4F * score(testing::kKettle) + 0.2F * score(testing::kBowl))) <
          1e-6F);
  }
}

TEST_CASE("An event on an added item speaks with the rows of what is like it") {
  const Changed changed;
  const SessionEvent history[] = {{.item = kCup}};
  const auto list = rank(changed.bundle(), after(history), 10);
  CHECK(items(list)[0] == testing::kMug);
  CHECK(std::fabs(list[0].score - 0.4F * 0.4F) < 1e-6F);
  CHECK(list[0].reasons[0].item == kCup);
  CHECK(std::none_of(list.begin(), list.end(), [](const Ranked& r) { return r.item == kCup; }));
}

TEST_CASE("Items like an added one are those like the item that it is most like, first of all it") {
  const Changed changed;
  Ranker ranker(changed.bundle());
  std::vector<Ranked> list(3);
  list.resize(ranker.similar(kCup, {.filter = {.available_only = false}}, list));
  CHECK(list[0].item == testing::kKettle);
  // Nothing is like the jug: what is popular.
  list.resize(3);
  list.resize(ranker.similar(kJug, {}, list));
  CHECK(list.size() == 3);
}

TEST_CASE("An added item that nothing is like is found by filters and by popularity alone") {
  Changed changed;
  bundle::OverlayContents overlay = full_overlay(changed.bundle());
  overlay.added[1].available = true;
  overlay.added[1].popularity = 0xFFFF;
  overlay.popularity = {0xF000};
  const std::vector<std::byte> bytes = bundle::write_overlay(overlay);
  REQUIRE(changed.shop.bundle.apply(bytes) == Status::kOk);
  for (const layout::Blend blend :
       {layout::Blend{.popularity = 1.0F}, layout::Blend{.embeddings = 0.1F, .popularity = 1.0F}}) {
    const SessionEvent history[] = {{.item = testing::kTent}};
    const auto list = rank(changed.bundle(), {.history = history, .blend = blend}, 1);
    CHECK(items(list) == std::vector<std::uint32_t>{kJug});
  }
}

TEST_CASE("The next overlay starts from the bundle, not from the overlay before it") {
  Changed changed;
  bundle::OverlayContents next;
  next.base_hash = changed.bundle().content_hash();
  next.priced = {testing::kKettle};
  next.prices = {55.0F};
  const std::vector<std::byte> bytes = bundle::write_overlay(next);
  REQUIRE(changed.shop.bundle.apply(bytes) == Status::kOk);
  const Bundle& bundle = changed.bundle();
  CHECK(bundle.item_count() == 8);
  CHECK_FALSE(bundle.ids().find("cup-9").has_value());
  CHECK(bundle.catalog().price(testing::kKettle) == 55.0F);
  CHECK(bundle.catalog().price(testing::kMug) == 12.0F);
  CHECK(bundle.catalog().available(testing::kPan));
  CHECK(bundle.popularity().share(testing::kMug) == 1.0F);
  CHECK(bundle.experiments() == R"({"experiments":[]})");
}

TEST_CASE("An overlay without changes leaves every list as it was") {
  OpenBundle shop(small_shop());
  const SessionEvent history[] = {{.item = testing::kMug}, {.item = testing::kLamp}};
  const RankRequest request{.history = history,
                            .blend = {.session_rows = 1.0F, .embeddings = 1.0F, .neighbours = 1.0F},
                            .explain = true};
  const auto before = rank(shop.bundle, request, 8);
  bundle::OverlayContents nothing;
  nothing.base_hash = shop.bundle.content_hash();
  const std::vector<std::byte> bytes = bundle::write_overlay(nothing);
  REQUIRE(shop.bundle.apply(bytes) == Status::kOk);
  const auto after = rank(shop.bundle, request, 8);
  REQUIRE(before.size() == after.size());
  CHECK(std::memcmp(before.data(), after.data(), before.size() * sizeof before[0]) == 0);
}

TEST_CASE("A bundle without a catalogue takes prices and stock from an overlay") {
  bundle::BundleContents bare = small_shop();
  bare.attributes.clear();
  OpenBundle shop(bare);
  bundle::OverlayContents overlay = full_overlay(shop.bundle);
  const std::vector<std::byte> bytes = bundle::write_overlay(overlay);
  REQUIRE(shop.bundle.apply(bytes) == Status::kOk);
  CHECK(shop.bundle.catalog().price(testing::kMug) == 11.0F);
  CHECK(shop.bundle.catalog().price(testing::kKettle) == layout::kNoPrice);
  CHECK_FALSE(shop.bundle.catalog().available(testing::kPan));
  CHECK_FALSE(shop.bundle.catalog().available(kJug));
  CHECK(shop.bundle.catalog().available(kCup));
  exercise(shop.bundle);
}

TEST_CASE("What does not fit the bundle is refused by name") {
  const OpenBundle shop(small_shop());
  const bundle::OverlayContents good = full_overlay(shop.bundle);
  REQUIRE(apply_status(good) == Status::kOk);
  const auto with = [&](const auto& change) {
    bundle::OverlayContents changed = good;
    change(changed);
    return apply_status(changed);
  };
  CHECK(with([](auto& o) { ++o.base_hash; }) == Status::kWrongBase);
  CHECK(with([](auto& o) { o.priced[1] = 8; }) == Status::kBadOverlay);
  CHECK(with([](auto& o) { o.priced = {6, 0}; }) == Status::kBadOverlay);
  CHECK(with([](auto& o) { o.priced = {0, 0}; }) == Status::kBadOverlay);
  CHECK(with([](auto& o) { o.prices.pop_back(); }) == Status::kBadSectionSize);
  CHECK(with([](auto& o) { o.prices[0] = NAN; }) == Status::kBadCatalog);
  CHECK(with([](auto& o) { o.prices[0] = -2.0F; }) == Status::kBadCatalog);
  CHECK(with([](auto& o) { o.available[1] = 0xFFFFFFFF; }) == Status::kBadOverlay);
  CHECK(with([](auto& o) { o.popularity = {}; }) == Status::kBadSectionSize);
  CHECK(with([](auto& o) { o.popularity = {0xFFFE}; }) == Status::kBadPopularity);
  CHECK(with([](auto& o) { o.added[1].id = std::string("mug-1"); }) == Status::kBadOverlay);
  CHECK(with([](auto& o) { o.added[0].id = std::string("zzz"); }) == Status::kBadIds);
  CHECK(with([](auto& o) { o.added[0].id = std::string("c\xFF"); }) == Status::kBadIds);
  CHECK(with([](auto& o) { o.added[0].id = std::string(1025, 'c'); }) == Status::kBadIds);
  CHECK(with([](auto& o) { o.added[0].category = 500; }) == Status::kBadCatalog);
  CHECK(with([](auto& o) { o.added[0].brand = 500; }) == Status::kBadCatalog);
  CHECK(with([](auto& o) { o.added[0].alike[7] = 8; }) == Status::kBadOverlay);
  CHECK(with([](auto& o) { o.added[0].shares[7] = 103; }) == Status::kBadOverlay);
  CHECK(with([](auto& o) { o.experiments = std::string("\xFF"); }) == Status::kBadMetadata);
}

TEST_CASE("A refused overlay leaves the bundle with the one before it") {
  Changed changed;
  bundle::OverlayContents wrong = full_overlay(changed.bundle());
  wrong.prices[0] = 5.0F;
  wrong.experiments = std::string("\xFF");
  const std::vector<std::byte> bytes = bundle::write_overlay(wrong);
  REQUIRE(changed.shop.bundle.apply(bytes) == Status::kBadMetadata);
  CHECK(changed.bundle().catalog().price(testing::kMug) == 11.0F);
  CHECK(changed.bundle().item_count() == 10);
  exercise(changed.bundle());
}

TEST_CASE("An overlay that is cut short, damaged, of another version or a bundle is refused") {
  OpenBundle shop(small_shop());
  const std::vector<std::byte> good = bundle::write_overlay(full_overlay(shop.bundle));
  for (std::size_t size = 0; size < good.size(); ++size) {
    REQUIRE(shop.bundle.apply(std::span(good).first(size)) != Status::kOk);
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::vector<std::byte> damaged = good;
    damaged[at] ^= std::byte{0x10};
    REQUIRE(shop.bundle.apply(damaged) != Status::kOk);
  }
  std::vector<std::byte> longer = good;
  longer.push_back({});
  CHECK(shop.bundle.apply(longer) == Status::kTrailingBytes);
  std::vector<std::byte> newer = good;
  newer[offsetof(layout::OverlayHeader, version)] = std::byte{2};
  CHECK(shop.bundle.apply(newer) == Status::kUnsupportedVersion);
  CHECK(shop.bundle.apply(shop.bytes) == Status::kBadMagic);
  CHECK(shop.bundle.item_count() == 8);
}

TEST_CASE("Whatever is changed in an overlay and signed anew, nothing reaches outside") {
  std::mt19937 random(7);
  OpenBundle shop(small_shop());
  const std::vector<std::byte> good = bundle::write_overlay(full_overlay(shop.bundle));
  int taken = 0;
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::byte> bytes = good;
    for (auto left = 1 + random() % 3; left > 0; --left) {
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    }
    sign(bytes);
    if (shop.bundle.apply(bytes) != Status::kOk) continue;
    if (++taken % 20 == 0) exercise(shop.bundle);
    REQUIRE(shop.bundle.apply(good) == Status::kOk);
  }
  CHECK(taken > 100);
}

}  // namespace
}  // namespace vitrine
