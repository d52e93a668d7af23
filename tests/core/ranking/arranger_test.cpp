#include "vitrine/ranking/arranger.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <optional>
#include <random>

#include "core/random_shop.h"
#include "core/shop.h"

namespace vitrine {
namespace {

using namespace testing;
using Items = std::vector<std::uint32_t>;

const RankRequest kPopular{.blend = {.popularity = 1.0F}};

std::vector<Ranked> arrange(const Bundle& bundle, const RankRequest& request, const Plan& plan,
                            std::size_t limit, std::span<const std::uint32_t> given = {}) {
  Ranker ranker(bundle);
  Arranger arranger(bundle);
  std::vector<Ranked> list(limit);
  list.resize(arranger.arrange(ranker, request, given, plan, list));
  return list;
}

TEST_CASE("Without a wish an arrangement is the ranking") {
  const OpenBundle shop(small_shop());
  const SessionEvent history[] = {{.item = kMug}};
  const RankRequest request{.history = history,
                            .blend = {.session_rows = 1.0F, .popularity = 0.1F},
                            .exclude_seen = true,
                            .explain = true};
  for (std::size_t limit = 0; limit < 9; ++limit) {
    const auto list = arrange(shop.bundle, request, {}, limit);
    const auto ranked = rank(shop.bundle, request, limit);
    REQUIRE(items(list) == items(ranked));
    for (std::size_t i = 0; i < list.size(); ++i) {
      CHECK(list[i].score == ranked[i].score);
      CHECK(list[i].reason_count == ranked[i].reason_count);
      CHECK(list[i].propensity == 1.0F);
    }
  }
}

TEST_CASE("A rule that boosts lifts also what would not be in the list, and says so") {
  const OpenBundle shop(small_shop());
  const std::uint32_t boosted[] = {kTent};
  const Rule rules[] = {{.items = boosted, .factor = 10.0F}};
  RankRequest request = kPopular;
  request.rules = rules;
  request.explain = true;
  const auto list = rank(shop.bundle, request, 2);
  REQUIRE(items(list) == Items{kTent, kMug});
  REQUIRE(list[0].reason_count == 2);
  CHECK(list[0].reasons[0].kind == ReasonKind::kRule);
  CHECK(std::abs(list[0].reasons[0].score + list[0].reasons[1].score - list[0].score) < 1e-6F);
  CHECK(list[1].reason_count == 1);
}

TEST_CASE("Boosted or demoted, a list is that of all scores times their factors") {
  bundle::BundleContents contents = small_shop();
  contents.settings.recommend = {.session_rows = 0.5F, .embeddings = 0.5F, .popularity = 0.2F};
  const OpenBundle shop(contents);
  const SessionEvent history[] = {{.item = kLamp}};
  const std::uint32_t category[] = {*shop.bundle.catalog().categories().find("Kitchen")};
  const Rule rules[] = {{.when = {.categories = category, .available_only = false}, .factor = 3.0F},
                        {.when = {.min_price = 50.0F, .available_only = false}, .factor = 0.1F}};
  RankRequest request{.history = history,
                      .filter = {.available_only = false},
                      .blend = shop.bundle.settings().recommend};
  std::map<std::uint32_t, float> expected;
  for (const Ranked& ranked : rank(shop.bundle, request, 8)) {
    expected[ranked.item] = ranked.score * factor_of(rules, shop.bundle.catalog(), ranked.item);
  }
  request.rules = rules;
  for (std::size_t limit = 1; limit <= 8; ++limit) {
    const auto list = rank(shop.bundle, request, limit);
    REQUIRE(list.size() == limit);
    for (const Ranked& ranked : list) CHECK(ranked.score == expected[ranked.item]);
    std::size_t better = 0;
    for (const auto& [item, score] : expected) better += score > list.back().score ? 1 : 0;
    CHECK(better < limit);
  }
}

TEST_CASE("A pin stands at its place whenever the item may be shown") {
  const OpenBundle shop(small_shop());
  const Pin pins[] = {{.place = 1, .item = kTent},
                      {.place = 1, .item = kBowl},
                      {.place = 2, .item = kVase},
                      {.place = 90, .item = kLamp}};
  const Plan plan{.pins = pins};
  // The bowl is sold out; the lamp is behind everything else.
  CHECK(items(arrange(shop.bundle, kPopular, plan, 4)) == Items{kMug, kTent, kVase, kKettle});
  CHECK(items(arrange(shop.bundle, kPopular, plan, 8)) ==
        Items{kMug, kTent, kVase, kKettle, kPan, kNew, kLamp});
}

TEST_CASE("Caps hold while anything else is left, and never shorten a list") {
  const OpenBundle shop(small_shop());
  const RankRequest all{.filter = {.available_only = false}, .blend = {.popularity = 1.0F}};
  const Plan plan{.diversity = {.per_category = 1}};
  // Mugs are 0, 3 and 7; the tent has no category.
  CHECK(items(arrange(shop.bundle, all, plan, 8)) ==
        Items{kMug, kKettle, kPan, kLamp, kVase, kTent, kBowl, kNew});
  const auto brands = items(arrange(shop.bundle, all, {.diversity = {.per_brand = 2}}, 8));
  CHECK(brands == Items{kMug, kKettle, kPan, kLamp, kVase, kTent, kBowl, kNew});
}

TEST_CASE("Marginal relevance takes the unlike before the like") {
  const OpenBundle shop(small_shop());
  const Plan plan{.diversity = {.relevance = 0.3F}};
  const auto list = items(arrange(shop.bundle, kPopular, plan, 3));
  // By vector the kettle and the pan are like the mug. The lamp is better known than the tent, 0.36
  // against 0.16, but a little more like the mug, 0.10 against 0.01.
  CHECK(list == Items{kMug, kTent, kLamp});
}

/// The definition, written out: every candidate beside every place before.
Items by_marginal_relevance(const Bundle& bundle, const std::vector<Ranked>& candidates,
                            const Diversity& diversity, std::size_t limit) {
  const Embeddings& embeddings = bundle.embeddings();
  const auto dot = [&](std::uint32_t a, std::uint32_t b) {
    const std::span one = embeddings.codes.subspan(std::size_t{a} * embeddings.stride);
    const std::span other = embeddings.codes.subspan(std::size_t{b} * embeddings.stride);
    std::int32_t sum = 0;
    for (std::size_t d = 0; d < embeddings.stride; ++d) sum += one[d] * other[d];
    return static_cast<float>(sum);
  };
  const auto category = [&](std::uint32_t item) { return bundle.catalog().category(item); };
  const auto similarity = [&](std::uint32_t a, std::uint32_t b) {
    const float norms = std::sqrt(dot(a, a)) * std::sqrt(dot(b, b));
    if (norms > 0.0F) return std::max(0.0F, dot(a, b) / norms);
    return category(a) != layout::kNoCategory && category(a) == category(b) ? 1.0F : 0.0F;
  };
  Items list;
  while (list.size() < limit && list.size() < candidates.size()) {
    std::optional<std::uint32_t> best;
    float most = 0.0F;
    for (const bool caps : {true, false}) {
      for (const Ranked& candidate : candidates) {
        const std::uint32_t item = candidate.item;
        if (std::find(list.begin(), list.end(), item) != list.end()) continue;
        const auto alike = std::count_if(list.begin(), list.end(), [&](std::uint32_t other) {
          return category(item) != layout::kNoCategory && category(other) == category(item);
        });
        const std::uint32_t cap = diversity.per_category;
        if (caps && cap > 0 && static_cast<std::uint32_t>(alike) >= cap) continue;
        float nearest = 0.0F;
        for (const std::uint32_t other : list) nearest = std::max(nearest, similarity(item, other));
        const float lambda = diversity.relevance;
        const float value =
            lambda * (candidate.score / candidates[0].score) - (1.0F - lambda) * nearest;
        if (best && value <= most) continue;
        best = item;
        most = value;
      }
      if (best) break;
    }
    list.push_back(*best);
  }
  return list;
}

TEST_CASE("Marginal relevance is that of its definition, whatever need not be compared") {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    bundle::BundleContents contents = random_shop(20 + pick(random, 100), random);
    if (round % 4 == 0) contents.embeddings = {};
    const OpenBundle shop(contents);
    const SessionEvent history[] = {{.item = pick(random, 20)}};
    const RankRequest request{.history = history,
                              .filter = {.available_only = false},
                              .blend = {.session_rows = 1.0F, .popularity = 0.2F}};
    const Diversity diversity{.relevance = static_cast<float>(pick(random, 10)) / 10.0F,
                              .per_category = pick(random, 4)};
    const std::size_t limit = 1 + pick(random, 20);
    const auto candidates = rank(shop.bundle, request, std::max<std::size_t>(100, 5 * limit));
    CAPTURE(round, limit, diversity.relevance, diversity.per_category);
    CHECK(items(arrange(shop.bundle, request, {.diversity = diversity}, limit)) ==
          by_marginal_relevance(shop.bundle, candidates, diversity, limit));
  }
}

TEST_CASE("Exploration is the same for the same seed, and its propensities add up to one") {
  const OpenBundle shop(small_shop());
  for (const Plan& how : {Plan{.exploration = Exploration::kPlackettLuce, .strength = 2.0F},
                          Plan{.exploration = Exploration::kEpsilon, .strength = 0.4F}}) {
    std::map<std::uint32_t, float> propensity;
    std::map<std::uint32_t, int> shown;
    constexpr int kRuns = 4000;
    for (int seed = 0; seed < kRuns; ++seed) {
      Plan plan = how;
      plan.seed = static_cast<std::uint64_t>(seed);
      const auto list = arrange(shop.bundle, kPopular, plan, 2);
      CHECK(items(list) == items(arrange(shop.bundle, kPopular, plan, 2)));
      const auto known = propensity.emplace(list[0].item, list[0].propensity).first;
      CHECK(known->second == list[0].propensity);
      ++shown[list[0].item];
      CHECK(list[1].propensity > 0.0F);
    }
    float sum = 0.0F;
    for (const auto& [item, p] : propensity) {
      sum += p;
      const double share = static_cast<double>(shown[item]) / kRuns;
      CHECK(std::abs(share - static_cast<double>(p)) < 0.03);
    }
    CHECK(std::abs(sum - 1.0F) < 0.001F);
  }
}

TEST_CASE("Given items are arranged among themselves") {
  const OpenBundle shop(small_shop());
  const std::uint32_t given[] = {kTent, kLamp, kKettle};
  const Pin pins[] = {{.place = 0, .item = kMug}, {.place = 0, .item = kTent}};
  CHECK(items(arrange(shop.bundle, kPopular, {.pins = pins}, 3, given)) ==
        Items{kTent, kKettle, kLamp});
}

}  // namespace
}  // namespace vitrine
