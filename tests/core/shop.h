#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "bundle/bundle_writer.h"
#include "vitrine/vitrine.h"

namespace vitrine::testing {

/// Item numbers of small_shop, most popular first.
enum Item : std::uint32_t { kMug, kKettle, kPan, kBowl, kLamp, kVase, kTent, kNew };
inline constexpr std::uint32_t kNobody = 0xFFFFFFFF;

/// Makes a bundle of eight items with every section that a bundle can have. It is small enough to
/// compute rankings by hand.
inline bundle::BundleContents small_shop() {
  bundle::BundleContents shop;
  shop.ids = {"mug-1",  "kettle-1", "pan-1", "bowl,\"2\"", "lamp-1", "vase-\xF0\x9F\x8C\xB7",
              "tent-1", "new-1"};
  shop.popularity = {100, 81, 64, 49, 36, 25, 16, 0};
  shop.trend = {0, 0, 0, 255, 0, 51, 0, 0};
  shop.attributes = {
      {"Kitchen/Mugs", "Ora", 12.0F, true},   {"Kitchen/Kettles", "Ora", 60.0F, true},
      {"Kitchen/Pans", "Ferro", 45.0F, true}, {"Kitchen/Mugs", "Ora", 9.0F, false},
      {"Living/Lamps", "Lumo", 80.0F, true},  {"Living", "", 30.0F, true},
      {"", "Nord", layout::kNoPrice, true},   {"Kitchen/Mugs", "Ora", 14.0F, true}};
  shop.session_rows = {{kMug, kKettle, 0.5F}, {kMug, kBowl, 0.25F}, {kKettle, kMug, 0.4F},
                       {kKettle, kPan, 0.2F}, {kPan, kLamp, 0.02F}, {kLamp, kVase, 0.6F},
                       {kVase, kLamp, 0.3F},  {kVase, kTent, 0.1F}};
  shop.embeddings = {
      .dims = 3,
      .values = {1.0F, 0.1F, 0.0F, 0.9F, 0.2F, 0.0F, 0.7F, 0.4F, 0.1F, 1.0F, 0.0F, 0.1F,
                 0.0F, 1.0F, 0.1F, 0.1F, 0.9F, 0.0F, 0.0F, 0.1F, 1.0F, 0.0F, 0.0F, 0.0F},
      .lambda = 0.5F,
      .residuals = true};
  shop.partitions = {.of = {0, 0, 0, 0, 1, 1, 2, model::ItemPartitions::kNone},
                     .centroids = {1.0F, 0.0F, 0.0F, 0.0F, 1.0F, 0.0F, 0.0F, 0.0F, 1.0F},
                     .margin = 2.0F};
  shop.sessions = {.offsets = {0, 3, 5, 7, 9},
                   .items = {kMug, kKettle, kPan, kKettle, kBowl, kLamp, kVase, kMug, kLamp}};
  model::Market market{.name = "Norway", .items = {kTent, kBowl}};
  std::fill(market.items.begin() + 2, market.items.end(), kNobody);
  shop.markets = {market};
  shop.settings = {.recommend = {.session_rows = 1.0F, .embeddings = 0.0F, .popularity = 0.01F},
                   .similar = {.session_rows = 0.0F, .embeddings = 1.0F, .popularity = 0.0F},
                   .row_decay = 0.5F,
                   .repeat_weight = 0.0F,
                   .embedding_decay = 0.5F,
                   .embedding_alpha = 4.0F,
                   .kind_weights = {1.0F, 2.0F, 3.0F, 1.5F, 0.0F, 0.5F}};
  shop.metadata = {{"shop", "small"}};
  shop.experiments = {{"experiments", nlohmann::json::array()}};
  return shop;
}

/// A bundle together with its bytes.
struct OpenBundle {
  std::vector<std::byte> bytes;
  Bundle bundle;

  explicit OpenBundle(const bundle::BundleContents& contents)
      : bytes(bundle::write_bundle(contents)), bundle(Bundle::open(bytes).value()) {}
};

/// Returns the item numbers of a ranking.
inline std::vector<std::uint32_t> items(std::span<const Ranked> list) {
  std::vector<std::uint32_t> numbers;
  for (const Ranked& ranked : list) numbers.push_back(ranked.item);
  return numbers;
}

/// Ranks with the blend of the bundle unless the request has another one.
inline std::vector<Ranked> rank(const Bundle& bundle, RankRequest request, std::size_t limit) {
  Ranker ranker(bundle);
  std::vector<Ranked> list(limit);
  list.resize(ranker.rank(request, list));
  return list;
}

}  // namespace vitrine::testing
