#include "recommend/models/item_knn.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/shop.h"
#include "model_export/session_entries.h"

namespace vitrine::recommend {

namespace {

/// Sessions {0, 1}, {0, 1, 2}, {0}, {1, 2}, {3}: item counts 3, 3, 2, 1.
model::PairStatistics five_sessions() {
  return {.item_count = 4,
          .offsets = {0, 3, 6, 9, 10},
          .partner = {0, 1, 2, 0, 1, 2, 0, 1, 2, 3},
          .together = {3, 2, 1, 2, 3, 2, 1, 2, 2, 1},
          .past = std::vector<float>(10),
          .future = std::vector<float>(10)};
}

}  // namespace

TEST_CASE("item-kNN is the overlap of sessions over the mean of both items' sessions") {
  check(item_knn_rows(five_sessions(), {.neighbours = 10, .shrinkage = 0.0F}),
        {{0, 1, 2.0 / 3.0},
         {0, 2, 1.0 / std::sqrt(6.0)},
         {1, 0, 2.0 / 3.0},
         {1, 2, 2.0 / std::sqrt(6.0)},
         {2, 0, 1.0 / std::sqrt(6.0)},
         {2, 1, 2.0 / std::sqrt(6.0)}});
}

TEST_CASE("shrinkage adds sessions to both items") {
  check(item_knn_rows(five_sessions(), {.neighbours = 1, .shrinkage = 2.0F}),
        {{0, 1, 2.0 / 5.0}, {1, 2, 2.0 / std::sqrt(20.0)}, {2, 1, 2.0 / std::sqrt(20.0)}});
}

TEST_CASE("of equal neighbours the more popular stays") {
  model::PairStatistics pairs = five_sessions();
  pairs.together = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  check(item_knn_rows(pairs, {.neighbours = 1, .shrinkage = 0.0F}),
        {{0, 1, 1.0}, {1, 0, 1.0}, {2, 0, 1.0}});
}

TEST_CASE("with the settings of item-kNN the last item alone decides") {
  bundle::BundleContents contents = testing::small_shop();
  contents.session_rows = item_knn_rows({.item_count = 8,
                                         .offsets = {0, 2, 4, 5, 5, 5, 5, 5, 5},
                                         .partner = {0, 1, 0, 1, 2},
                                         .together = {9, 9, 9, 9, 9}},
                                        {});
  contents.settings = item_knn_settings();
  const testing::OpenBundle shop(contents);
  const SessionEvent last_is_mug[] = {{.item = 1}, {.item = 0}};
  const SessionEvent last_is_lone[] = {{.item = 0}, {.item = 2}, {.item = 2}};
  const layout::Blend blend = shop.bundle.settings().recommend;
  const auto first = testing::rank(shop.bundle, {.history = last_is_mug, .blend = blend}, 1);
  CHECK(first[0].item == 1);
  CHECK(first[0].score > 0.3F);
  const auto none = testing::rank(shop.bundle, {.history = last_is_lone, .blend = blend}, 1);
  CHECK(none[0].score < 1e-6F);
}

}  // namespace vitrine::recommend
