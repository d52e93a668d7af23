#include "vitrine/ranking/ranker.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <numeric>
#include <random>

#include "core/random_shop.h"
#include "core/shop.h"

namespace vitrine {
namespace {

using namespace testing;
using Items = std::vector<std::uint32_t>;

TEST_CASE("Without history the popular available items come first") {
  const OpenBundle shop(small_shop());
  CHECK(items(rank(shop.bundle, {.blend = {.popularity = 1.0F}}, 4)) ==
        Items{kMug, kKettle, kPan, kLamp});
}

TEST_CASE("A session ranks what its rows point at, the latest item strongest") {
  const OpenBundle shop(small_shop());
  const SessionEvent history[] = {{.item = kMug}, {.item = kLamp}};
  const auto list = rank(
      shop.bundle, {.history = history, .blend = {.session_rows = 1.0F}, .exclude_seen = true}, 2);
  CHECK(items(list) == Items{kVase, kKettle});
  CHECK(std::abs(list[0].score - 0.6F) < 0.01F);
  CHECK(std::abs(list[1].score - 0.25F) < 0.01F);  // 0.5 decayed by one event
}

TEST_CASE("A list is as long as asked for whenever so many items are eligible") {
  const OpenBundle shop(small_shop());
  const SessionEvent history[] = {{.item = kMug}};
  for (std::size_t limit = 0; limit <= 10; ++limit) {
    const auto list =
        rank(shop.bundle,
             {.history = history, .blend = {.session_rows = 1.0F}, .exclude_seen = true}, limit);
    CHECK(list.size() == std::min<std::size_t>(limit, 6));  // eight, less the seen and the sold out
  }
}

TEST_CASE("Excluded items and repeats stay out, and come back with the next call") {
  const OpenBundle shop(small_shop());
  Ranker ranker(shop.bundle);
  std::vector<Ranked> list(8);
  const std::uint32_t exclude[] = {kKettle, 0xFFFFFFFF};
  RankRequest request{
      .exclude = exclude, .filter = {.available_only = false}, .blend = {.popularity = 1.0F}};
  CHECK(ranker.rank(request, list) == 7);
  request.exclude = {};
  CHECK(ranker.rank(request, list) == 8);
}

TEST_CASE("The repeat weight brings seen items back into the list") {
  bundle::BundleContents contents = small_shop();
  contents.settings.repeat_weight = 0.9F;
  const OpenBundle shop(contents);
  const SessionEvent history[] = {{.item = kMug}};
  const RankRequest request{.history = history, .blend = {.session_rows = 1.0F}, .explain = true};
  const auto list = rank(shop.bundle, request, 2);
  CHECK(items(list) == Items{kMug, kKettle});
  CHECK(list[0].reasons[0].item == kMug);
}

TEST_CASE("Embeddings rank by what lies near the shopper") {
  const OpenBundle shop(small_shop());
  const SessionEvent history[] = {{.item = kLamp}};
  const auto list = rank(
      shop.bundle, {.history = history, .blend = {.embeddings = 1.0F}, .exclude_seen = true}, 3);
  CHECK(list[0].item == kVase);
}

TEST_CASE("The fold-in equals the closed form of Hu, Koren and Volinsky") {
  // One dimension: x = (1 + alpha w) y / (sum y^2 + lambda + alpha w y^2).
  bundle::BundleContents contents;
  contents.ids = {"a", "b"};
  contents.popularity = {2, 1};
  contents.embeddings = {.dims = 1, .values = {1.27F, 0.635F}, .lambda = 0.5F};
  contents.settings = small_shop().settings;
  const OpenBundle shop(contents);
  EmbeddingScorer scorer(shop.bundle.embeddings());
  const Source source{.item = 0, .weight = 1.0F};
  REQUIRE(scorer.fold_in({&source, 1}, 4.0F));
  const float scores[] = {scorer.score(0), scorer.score(1)};
  const double y = static_cast<double>(widen(shop.bundle.embeddings().scales[0])) *
                   shop.bundle.embeddings().codes[0];
  const double z = static_cast<double>(widen(shop.bundle.embeddings().scales[1])) *
                   shop.bundle.embeddings().codes[16];
  const double x = 5.0 * y / (y * y + z * z + 0.5 + 4.0 * y * y);
  CHECK(std::abs(static_cast<double>(scores[0]) - x * y) < 0.01);
  CHECK(std::abs(static_cast<double>(scores[1]) - x * z) < 0.01);
  float share = 0.0F;
  scorer.explain({&source, 1}, 4.0F, 1, {&share, 1});
  CHECK(std::abs(static_cast<double>(share) - x * z) < 0.001);
}

TEST_CASE("A fold-in holds for its sources alone, whatever was asked in between") {
  const OpenBundle shop(small_shop());
  const Source first[] = {{.item = kMug, .weight = 1.0F}, {.item = kVase, .weight = 0.5F}};
  const Source second[] = {{.item = kMug, .weight = 1.0F}, {.item = kVase, .weight = 0.25F}};
  const auto scores = [&](EmbeddingScorer& scorer, std::span<const Source> sources, float alpha) {
    REQUIRE(scorer.fold_in(sources, alpha));
    std::vector<float> result;
    for (std::uint32_t item = 0; item < 8; ++item) result.push_back(scorer.score(item));
    return result;
  };
  const auto fresh = [&](std::span<const Source> sources, float alpha) {
    EmbeddingScorer scorer(shop.bundle.embeddings());
    return scores(scorer, sources, alpha);
  };
  REQUIRE(fresh(first, 4.0F) != fresh(second, 4.0F));
  EmbeddingScorer scorer(shop.bundle.embeddings());
  for (int again = 0; again < 2; ++again) {
    CHECK(scores(scorer, first, 4.0F) == fresh(first, 4.0F));
    CHECK(scores(scorer, first, 2.0F) == fresh(first, 2.0F));
    CHECK(scores(scorer, second, 2.0F) == fresh(second, 2.0F));
    REQUIRE(scorer.take_item(kLamp));
    CHECK(scores(scorer, second, 2.0F) == fresh(second, 2.0F));
    CHECK(scores(scorer, {second, 1}, 2.0F) == fresh({second, 1}, 2.0F));
  }
}

TEST_CASE("Similar items are those of the nearest direction, without the item itself") {
  const OpenBundle shop(small_shop());
  Ranker ranker(shop.bundle);
  std::vector<Ranked> list(3);
  REQUIRE(ranker.similar(kMug, {.explain = true}, list) == 3);
  CHECK(list[0].item == kKettle);
  CHECK(list[0].reasons[0].kind == ReasonKind::kEmbedding);
  CHECK(list[0].reasons[0].item == kMug);
}

TEST_CASE("An item without embedding has popular items for similar ones, not an empty list") {
  const OpenBundle shop(small_shop());
  Ranker ranker(shop.bundle);
  std::vector<Ranked> list(3);
  REQUIRE(ranker.similar(kNew, {}, list) == 3);
  CHECK(items(list) == Items{kMug, kKettle, kPan});
}

TEST_CASE("A given list is re-ranked by the same scores and keeps only its own items") {
  const OpenBundle shop(small_shop());
  Ranker ranker(shop.bundle);
  const SessionEvent history[] = {{.item = kLamp}};
  const std::uint32_t given[] = {kMug, kTent, kVase, kTent, 0xFFFFFFFF, kPan};
  std::vector<Ranked> list(std::size(given));
  list.resize(
      ranker.rerank(given, {.history = history, .blend = shop.bundle.settings().recommend}, list));
  CHECK(items(list) == Items{kVase, kMug, kPan, kTent});
  // Nothing of the call is left behind.
  std::vector<Ranked> after(8);
  CHECK(ranker.rank({.filter = {.available_only = false}, .blend = {.popularity = 1.0F}}, after) ==
        8);
}

TEST_CASE("Equal scores are ordered by popularity") {
  const OpenBundle shop(small_shop());
  const auto list = rank(shop.bundle, {.filter = {.available_only = false}}, 8);
  CHECK(items(list) == Items{0, 1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE(
    "Ties go to the better-known item, then to the lower number, wherever items are numbered") {
  // The shop backwards, and two equal ones.
  bundle::BundleContents contents = small_shop();
  contents.arrangement = {7, 6, 5, 4, 3, 2, 1, 0};
  contents.partitions = {};
  contents.popularity[kKettle] = contents.popularity[kMug];
  contents.embeddings.values.assign(24, 0.0F);
  for (std::size_t i = 0; i < 8; ++i) contents.embeddings.values[3 * i] = 1.0F;
  const OpenBundle shop(contents);
  const auto expected = [](std::size_t limit) {
    Items order = {6, 7, 5, 4, 3, 2, 1, 0};
    order.resize(limit);
    return order;
  };
  const SessionEvent history[] = {{.item = 0}};
  Ranker ranker(shop.bundle);
  for (std::size_t limit = 1; limit <= 8; ++limit) {
    for (const layout::Blend blend :
         {layout::Blend{}, layout::Blend{.popularity = 1.0F}, layout::Blend{.embeddings = 1.0F}}) {
      const RankRequest request{
          .history = history, .filter = {.available_only = false}, .blend = blend};
      CHECK(items(rank(shop.bundle, request, limit)) == expected(limit));
    }
  }
  const Items given = {0, 3, 7, 6};
  std::vector<Ranked> list(given.size());
  list.resize(ranker.rerank(given, {.filter = {.available_only = false}}, list));
  CHECK(items(list) == Items{6, 7, 3, 0});
}

/// Divides the items of a random shop anyhow, so that partitions say little of directions.
void divide(bundle::BundleContents& contents, std::uint32_t partitions, float margin,
            std::mt19937& random) {
  for (std::size_t i = 0; i < contents.ids.size(); ++i) {
    const bool none = i % 50 == 0;
    if (none) std::fill_n(contents.embeddings.values.begin() + static_cast<long>(i) * 20, 20, 0.0F);
    contents.partitions.of.push_back(none ? model::ItemPartitions::kNone
                                          : pick(random, partitions));
  }
  for (std::uint32_t i = 0; i < partitions * 20; ++i) {
    contents.partitions.centroids.push_back(static_cast<float>(pick(random, 100)) / 100.0F - 0.5F);
  }
  contents.partitions.margin = margin;
  contents.settings.similar = {.session_rows = 0.2F, .embeddings = 1.0F, .popularity = 0.05F};
}

/// Returns the list of similar() when it scores all items.
Items all_similar(const Bundle& bundle, std::uint32_t item, const Filter& filter) {
  Items all(bundle.item_count());
  std::iota(all.begin(), all.end(), 0U);
  const SessionEvent seed{.item = item};
  std::vector<Ranked> list(all.size());
  Ranker ranker(bundle);
  list.resize(ranker.rerank(all,
                            {.history = {&seed, 1},
                             .filter = filter,
                             .blend = bundle.settings().similar,
                             .exclude_seen = true,
                             .by_cosine = true},
                            list));
  return items(list);
}

TEST_CASE("A search that leaves out no partition finds what scoring all items finds") {
  std::mt19937 random(8);
  bundle::BundleContents contents = random_shop(500, random);
  divide(contents, 23, 2.0F, random);
  contents.embeddings.residuals = GENERATE(false, true);
  const OpenBundle shop(contents);
  Ranker ranker(shop.bundle);
  for (std::uint32_t item = 0; item < 500; item += 7) {
    const std::size_t limit = 1 + pick(random, 30);
    std::vector<Ranked> list(limit);
    REQUIRE(ranker.similar(item, {}, list) == limit);
    Items expected = all_similar(shop.bundle, item, {});
    expected.resize(limit);
    REQUIRE(items(list) == expected);
  }
}

TEST_CASE("A search gives as many items as asked for, whatever filter and margin") {
  std::mt19937 random(9);
  bundle::BundleContents contents = random_shop(300, random);
  divide(contents, 17, -2.0F, random);  // stops as soon as it may
  const OpenBundle shop(contents);
  Ranker ranker(shop.bundle);
  for (const float price : {100.0F, 50.0F, 10.0F, 1.0F, 0.0F}) {
    for (std::uint32_t item = 0; item < 300; item += 13) {
      const Filter filter{.max_price = price};
      const Items all = all_similar(shop.bundle, item, filter);
      for (const std::size_t limit : {1U, 5U, 100U, 300U}) {
        std::vector<Ranked> list(limit);
        list.resize(ranker.similar(item, {.filter = filter}, list));
        REQUIRE(list.size() == std::min(limit, all.size()));
        Items found = items(list);
        for (const std::uint32_t one : found) REQUIRE(std::count(all.begin(), all.end(), one) == 1);
        std::sort(found.begin(), found.end());
        REQUIRE(std::adjacent_find(found.begin(), found.end()) == found.end());
      }
    }
  }
}

TEST_CASE("With residuals scores come within a ten-thousandth of those of the vectors") {
  std::mt19937 random(10);
  bundle::BundleContents contents = random_shop(100, random);
  contents.embeddings.residuals = true;
  const OpenBundle shop(contents);
  EmbeddingScorer scorer(shop.bundle.embeddings());
  const auto cosine = [&](std::size_t a, std::size_t b) {
    double products[3] = {};
    for (std::size_t d = 0; d < 20; ++d) {
      const double x = static_cast<double>(contents.embeddings.values[a * 20 + d]);
      const double y = static_cast<double>(contents.embeddings.values[b * 20 + d]);
      products[0] += x * y;
      products[1] += x * x;
      products[2] += y * y;
    }
    return products[0] / std::sqrt(products[1] * products[2]);
  };
  for (std::uint32_t item = 0; item < 100; ++item) {
    REQUIRE(scorer.take_item(item));
    for (std::uint32_t other = 0; other < 100; ++other) {
      const double expected = std::max(0.0, cosine(item, other));
      REQUIRE(std::abs(static_cast<double>(scorer.score(other)) - expected) < 1e-4);
    }
  }
}

TEST_CASE("With embeddings too the list is the head of the full order") {
  std::mt19937 random(6);
  constexpr std::uint32_t kCount = 700;  // several blocks
  bundle::BundleContents contents = random_shop(kCount, random);
  for (std::uint32_t i = 0; i < kCount; i += 50) {  // ties, and an item without vector
    std::fill_n(&contents.embeddings.values[std::size_t{i} * 20], 20, i % 100 == 0 ? 0.0F : 0.25F);
  }
  const OpenBundle shop(contents);
  const Bundle& bundle = shop.bundle;
  Ranker ranker(bundle);
  for (int round = 0; round < 60; ++round) {
    std::vector<SessionEvent> history;
    for (unsigned i = pick(random, 4) + 1; i > 0; --i) {
      history.push_back({.item = pick(random, kCount)});
    }
    const RankRequest request{.history = history,
                              .blend = {.session_rows = static_cast<float>(pick(random, 2)),
                                        .embeddings = 0.5F + static_cast<float>(pick(random, 3)),
                                        .popularity = static_cast<float>(pick(random, 3)) * 0.2F},
                              .by_cosine = round % 2 == 0};
    // Re-ranking scores every item that it is given.
    Items all(kCount);
    std::iota(all.begin(), all.end(), 0U);
    std::vector<Ranked> expected(kCount);
    expected.resize(ranker.rerank(all, request, expected));
    const std::size_t limit = 1 + pick(random, 40);
    const auto list = rank(bundle, request, limit);
    REQUIRE(list.size() == limit);
    for (std::size_t i = 0; i < limit; ++i) {
      REQUIRE(list[i].item == expected[i].item);
      REQUIRE(list[i].score == expected[i].score);
    }
  }
}

TEST_CASE("An item of an earlier session speaks for itself by its own weight") {
  bundle::BundleContents contents = small_shop();
  contents.settings.session_decay = 0.5F;
  contents.settings.repeat_weight = 0.0F;
  contents.settings.return_weight = 3.0F;
  const OpenBundle shop(contents);
  const SessionEvent history[] = {{.item = kTent}, {.item = kMug, .starts_session = true}};
  const RankRequest request{.history = history,
                            .filter = {.available_only = false},
                            .blend = {.session_rows = 1.0F},
                            .exclude_seen = true,
                            .explain = true};
  const auto list = rank(shop.bundle, request, 7);
  CHECK(items(list).front() == kTent);  // seen, but not in this session
  CHECK(list[0].score == 1.5F);
  REQUIRE(list[0].reason_count == 1);
  CHECK(list[0].reasons[0].kind == ReasonKind::kSessionRow);
  CHECK(list[0].reasons[0].item == kTent);
  for (const Ranked& ranked : list) CHECK(ranked.item != kMug);
}

TEST_CASE("A session that is over hides nothing and counts by the opening decay") {
  bundle::BundleContents contents = small_shop();
  contents.settings.opening_decay = 0.5F;
  contents.settings.return_weight = 1.0F;
  const OpenBundle shop(contents);
  const SessionEvent history[] = {{.item = kMug}};
  const auto list = rank(shop.bundle,
                         {.history = history,
                          .session_over = true,
                          .blend = {.session_rows = 1.0F},
                          .exclude_seen = true},
                         2);
  CHECK(items(list) == Items{kMug, kKettle});
  CHECK(list[0].score == 0.5F);
  CHECK(std::abs(list[1].score - 0.25F) < 0.01F);
}

TEST_CASE("The list is the head of the full order that plain sorting gives") {
  std::mt19937 random(5);
  const OpenBundle shop(random_shop(80, random));
  const Bundle& bundle = shop.bundle;
  for (int round = 0; round < 50; ++round) {
    std::vector<SessionEvent> history;
    for (unsigned i = pick(random, 6); i > 0; --i) history.push_back({.item = pick(random, 80)});
    const layout::Blend blend{static_cast<float>(pick(random, 2)), 0.0F,
                              static_cast<float>(pick(random, 3)) * 0.2F};
    // Reference: score everything with plain loops, then sort.
    std::array<Source, Session::kCapacity> sources;
    const std::size_t count = weigh_history(
        history, false,
        {.event = bundle.settings().row_decay, .session = bundle.settings().session_decay},
        bundle.settings().kind_weights, sources);
    std::vector<std::pair<float, std::uint32_t>> order;
    for (std::uint32_t item = 0; item < 80; ++item) {
      if (!bundle.catalog().available(item)) continue;
      double score = static_cast<double>(blend.popularity * bundle.popularity().share(item));
      for (const Source& source : std::span(sources).first(count)) {
        float value = bundle.session_rows().find(source.item, item);
        if (source.item == item) value += bundle.settings().repeat_weight;
        score += static_cast<double>(blend.session_rows * source.weight * value);
      }
      order.emplace_back(static_cast<float>(-score), item);
    }
    std::sort(order.begin(), order.end());
    const auto list = rank(bundle, {.history = history, .blend = blend}, 10);
    REQUIRE(list.size() == 10);
    for (std::size_t i = 0; i < 10; ++i) CHECK(std::abs(list[i].score + order[i].first) < 1e-5F);
  }
}

TEST_CASE("Few items that a filter leaves are ranked as by their numbers") {
  std::mt19937 random(9);
  bundle::BundleContents contents = random_shop(400, random);
  contents.embeddings.residuals = GENERATE(false, true);
  const std::uint32_t few = GENERATE(1U, 12U, 25U, 26U);  // up to a sixteenth is few
  for (std::uint32_t i = 0; i < few; ++i) {
    contents.attributes[i * 397 % 400].category = "D";
    contents.attributes[i * 397 % 400].available = true;
  }
  const OpenBundle shop(contents);
  const auto category = shop.bundle.catalog().categories().find("D");
  REQUIRE(category.has_value());
  std::vector<std::uint32_t> inside;
  for (std::uint32_t item = 0; item < 400; ++item) {
    if (shop.bundle.catalog().category(item) == *category) inside.push_back(item);
  }
  REQUIRE(inside.size() == few);
  const SessionEvent history[] = {{.item = 5}, {.item = 77}, {.item = inside[0]}};
  Ranker ranker(shop.bundle);
  for (const layout::Blend blend :
       {layout::Blend{0.0F, 1.0F, 0.0F}, layout::Blend{0.3F, 2.0F, 0.5F, 1.0F}}) {
    RankRequest request{.history = history, .blend = blend};
    std::vector<Ranked> wanted(few);
    REQUIRE(ranker.rerank(inside, request, wanted) == few);
    request.filter.categories = {&*category, 1};
    for (const std::size_t limit : {std::size_t{1}, std::size_t{few}, std::size_t{40}}) {
      const auto list = rank(shop.bundle, request, limit);
      REQUIRE(list.size() == std::min<std::size_t>(limit, few));
      for (std::size_t i = 0; i < list.size(); ++i) {
        CHECK(list[i].item == wanted[i].item);
        CHECK(list[i].score == wanted[i].score);
      }
    }
  }
}

}  // namespace
}  // namespace vitrine
