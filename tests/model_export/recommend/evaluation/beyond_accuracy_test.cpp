#include "recommend/evaluation/beyond_accuracy.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/shop.h"

namespace vitrine::recommend {

namespace {

using namespace vitrine::testing;

bool close(double is, double expected, double tolerance) {
  return std::abs(is - expected) < tolerance;
}

std::vector<Ranked> list_of(const std::vector<std::uint32_t>& items) {
  std::vector<Ranked> list;
  for (const std::uint32_t item : items) list.push_back({.item = item});
  return list;
}

}  // namespace

TEST_CASE("the Gini coefficient of known spreads") {
  CHECK(gini({5, 5, 5, 5}) == 0.0);
  CHECK(close(gini({0, 0, 0, 12}), 0.75, 1e-12));
  CHECK(close(gini({4, 1, 3, 2}), 0.25, 1e-12));
  CHECK(close(gini({0, 1}), 0.5, 1e-12));
  CHECK(gini({0, 0, 0}) == 0.0);
}

TEST_CASE("a Lorenz curve goes from nothing to all, the least shown first") {
  CHECK(lorenz_curve({4, 1, 3, 2}, 5) == std::vector<double>{0.0, 0.1, 0.3, 0.6, 1.0});
  CHECK(lorenz_curve({0, 0, 0, 7}, 3) == std::vector<double>{0.0, 0.0, 1.0});
  CHECK(lorenz_curve({0, 0}, 3) == std::vector<double>{0.0, 0.0, 0.0});
}

TEST_CASE(
    "self-information is in bits of the share of events; what was never seen is as the rarest") {
  const OpenBundle shop(small_shop());
  const ListMetrics list_metrics(shop.bundle, shop.bundle);
  const double all = 100 + 81 + 64 + 49 + 36 + 25 + 16;
  CHECK(close(list_metrics.self_information(kMug), std::log2(all / 100), 1e-3));
  CHECK(close(list_metrics.self_information(kTent), std::log2(all / 16), 1e-3));
  CHECK(list_metrics.self_information(kNew) == list_metrics.self_information(kTent));
}

TEST_CASE("head and tail are cut where a fifth of the events is reached") {
  const OpenBundle shop(small_shop());
  const ListMetrics list_metrics(shop.bundle, shop.bundle);
  // Of 371 events a fifth is 74.2: mug alone. The last fifth starts after 296.8: 100 + 81 + 64 + 49
  // are 294, so lamp is still in the middle.
  CHECK(list_metrics.head_size() == 1);
  CHECK(list_metrics.popularity_class(kMug) == PopularityClass::kHead);
  CHECK(list_metrics.popularity_class(kKettle) == PopularityClass::kMid);
  CHECK(list_metrics.popularity_class(kLamp) == PopularityClass::kMid);
  CHECK(list_metrics.popularity_class(kVase) == PopularityClass::kTail);
  CHECK(list_metrics.popularity_class(kNew) == PopularityClass::kTail);
}

TEST_CASE("diversity by the catalogue is the share of pairs that differ") {
  const OpenBundle shop(small_shop());
  const ListMetrics list_metrics(shop.bundle, shop.bundle);
  CHECK(list_metrics.diversity_by() == DiversityBy::kCatalogue);
  // Mug and bowl: same category, same brand. Mug and kettle: same brand. Vase and tent: nothing.
  CHECK(list_metrics.diversity(list_of({kMug, kBowl})) == 0.0);
  CHECK(list_metrics.diversity(list_of({kMug, kKettle})) == 0.5);
  CHECK(list_metrics.diversity(list_of({kVase, kTent})) == 1.0);
  // Three pairs: categories differ in two, brands in none.
  CHECK(close(list_metrics.diversity(list_of({kMug, kKettle, kBowl})), (2.0 / 3.0 + 0.0) / 2.0,
              1e-12));
  CHECK(list_metrics.diversity(list_of({kMug})) == 0.0);
  CHECK(list_metrics.diversity({}) == 0.0);
}

TEST_CASE("without a catalogue embeddings tell items apart, without those session rows") {
  bundle::BundleContents contents = small_shop();
  contents.attributes.clear();
  contents.embeddings = {
      .dims = 2, .values = {1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0}, .lambda = 0.5F};
  const OpenBundle embedded(contents);
  const ListMetrics by_embeddings(embedded.bundle, embedded.bundle);
  CHECK(by_embeddings.diversity_by() == DiversityBy::kEmbeddings);
  CHECK(close(by_embeddings.diversity(list_of({kMug, kKettle})), 0.0, 1e-6));
  CHECK(close(by_embeddings.diversity(list_of({kMug, kPan})), 1.0, 1e-6));
  CHECK(close(by_embeddings.diversity(list_of({kMug, kLamp})), 1.0 - std::sqrt(0.5), 1e-6));
  CHECK(close(by_embeddings.diversity(list_of({kMug, kKettle, kPan})), 2.0 / 3.0, 1e-6));
  CHECK(close(by_embeddings.diversity(list_of({kMug, kNew})), 1.0, 1e-6));

  contents.embeddings = {};
  const OpenBundle rows(contents);
  const ListMetrics by_rows(rows.bundle, rows.bundle);
  CHECK(by_rows.diversity_by() == DiversityBy::kSessionRows);
  CHECK(by_rows.diversity(list_of({kBowl, kMug})) == 0.0);
  CHECK(by_rows.diversity(list_of({kMug, kTent})) == 1.0);
  CHECK(close(by_rows.diversity(list_of({kMug, kKettle, kTent})), 2.0 / 3.0, 1e-12));
}

TEST_CASE("an item that the reference does not have is rare, and like no other") {
  const OpenBundle shop(small_shop());
  bundle::BundleContents more = small_shop();
  more.ids[kPan] = "never heard of";
  more.ids[kBowl] = "nor of this";
  const OpenBundle other(more);
  const ListMetrics list_metrics(other.bundle, shop.bundle);
  CHECK(list_metrics.popularity_class(kPan) == PopularityClass::kUnknown);
  CHECK(list_metrics.self_information(kPan) == list_metrics.self_information(kTent));
  CHECK(list_metrics.diversity(list_of({kPan, kBowl})) == 1.0);
}

}  // namespace vitrine::recommend
