#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <vector>

#include "core/shop.h"

namespace vitrine {
namespace {

using namespace testing;

// Bytes of format version 1 do not change: bundles of today open tomorrow. A test that fails here
// asks for another way to write what is new, not for a new file.

constexpr const char* kFile = VITRINE_SOURCE_DIR "/tests/core/format/golden/v1.vitrine";

std::vector<std::byte> golden_bytes() {
  std::ifstream file(kFile, std::ios::binary);
  REQUIRE(file);
  std::vector<char> text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// The contents of the file: all sections, and no setting at its default.
bundle::BundleContents golden_shop() {
  bundle::BundleContents shop;
  shop.ids = {"mug-1", "kettle-1", "pan-1", "bowl,\"2\"", "lamp-1", "vase-\xC3\xA9"};
  shop.popularity = {100, 81, 64, 49, 36, 0};
  shop.attributes = {
      {"Kitchen/Mugs", "Ora", 12.5F, true},   {"Kitchen/Kettles", "Ora", 60.0F, true},
      {"Kitchen/Pans", "Ferro", 45.0F, true}, {"Kitchen/Mugs", "", 9.0F, false},
      {"Living", "Lumo", 80.0F, true},        {"", "Lumo", layout::kNoPrice, true}};
  shop.session_rows = {{0, 1, 0.5F},   {0, 3, 0.25F}, {1, 0, 0.5F},
                       {1, 2, 0.125F}, {2, 4, 1.0F},  {5, 0, 0.25F}};
  shop.embeddings = {
      .dims = 2,
      .values = {1.0F, 0.1F, 0.9F, 0.2F, 0.7F, 0.4F, 1.0F, 0.0F, 0.1F, 1.0F, 0.0F, 0.0F},
      .lambda = 0.5F,
      .residuals = true};
  shop.partitions = {.of = {0, 0, 0, 0, 1, model::ItemPartitions::kNone},
                     .centroids = {1.0F, 0.0F, 0.0F, 1.0F},
                     .margin = 0.5F};
  shop.sessions = {.offsets = {0, 3, 5, 7}, .items = {0, 1, 2, 1, 3, 0, 4}};
  model::Market market{.name = "Norway", .items = {3, 1}};
  std::fill(market.items.begin() + 2, market.items.end(), kNobody);
  shop.markets = {market};
  shop.settings = {
      .recommend = {.session_rows = 1.0F, .embeddings = 0.5F, .popularity = 0.25F, .neighbours = 2},
      .similar = {.session_rows = 0.5F, .embeddings = 1.0F, .popularity = 0.125F, .neighbours = 1},
      .row_decay = 0.5F,
      .session_decay = 0.25F,
      .opening_decay = 0.125F,
      .session_gap = 900,
      .repeat_weight = 0.0625F,
      .return_weight = 0.03125F,
      .embedding_decay = 0.75F,
      .embedding_alpha = 4.0F,
      .kind_weights = {1.0F, 2.0F, 3.0F, 1.5F, 0.0F, 0.5F},
      .neighbours = {.sessions = 50, .neighbours = 20, .events = 5, .reach = 4, .idf = 0.5F}};
  shop.metadata = {{"shop", "golden"}};
  shop.experiments = {{"experiments", nlohmann::json::array()}};
  return shop;
}

TEST_CASE("The writer gives the bytes of the golden bundle") {
  const std::vector<std::byte> written = bundle::write_bundle(golden_shop());
  const std::vector<std::byte> golden = golden_bytes();
  REQUIRE(written.size() == golden.size());
  const auto at = std::mismatch(written.begin(), written.end(), golden.begin()).first;
  CHECK(at - written.begin() ==
        static_cast<std::ptrdiff_t>(golden.size()));  // the first difference
}

TEST_CASE("The golden bundle opens, and its lists are the known ones") {
  const std::vector<std::byte> bytes = golden_bytes();
  const Result<Bundle> opened = Bundle::open(bytes);
  REQUIRE(opened.ok());
  const Bundle& bundle = opened.value();
  CHECK(bundle.verify() == Status::kOk);
  CHECK(bundle.content_hash() == 0x39B02D80CB597CC7);
  CHECK(bundle.settings().session_gap == 900);
  CHECK(bundle.settings().similar.neighbours == 1.0F);
  CHECK(bundle.ids().find("vase-\xC3\xA9") == 5U);
  CHECK(bundle.catalog().categories()[bundle.catalog().category(0)] == "Kitchen/Mugs");
  const SessionEvent history[] = {{.item = 4, .kind = EventKind::kView},
                                  {.item = 0, .kind = EventKind::kCart, .starts_session = true}};
  const RankRequest request{.history = history,
                            .filter = {.available_only = false},
                            .blend = bundle.settings().recommend};
  CHECK(items(rank(bundle, request, 6)) == std::vector<std::uint32_t>{1, 0, 2, 4, 3, 5});
  const SessionEvent seed{.item = 1};
  CHECK(items(rank(bundle, similar_to(seed, {}, bundle), 6)) ==
        std::vector<std::uint32_t>{0, 2, 4, 5});
}

}  // namespace
}  // namespace vitrine
