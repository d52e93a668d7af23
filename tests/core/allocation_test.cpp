#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <new>

#include "core/shop.h"

namespace {
std::atomic<std::size_t> allocations{0};
}  // namespace

// Counts what the whole program allocates; the tests look at differences.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  std::abort();
}
// std::stable_sort takes its memory by this one.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace vitrine {
namespace {

TEST_CASE("Ranking does not allocate, from the second list of a length on") {
  const testing::OpenBundle shop(testing::small_shop());
  Ranker ranker(shop.bundle);
  std::array<Ranked, 5> list;
  const SessionEvent history[] = {{.item = testing::kMug}, {.item = testing::kLamp}};
  const std::uint32_t given[] = {0, 1, 2};
  const RankRequest request{
      .history = history,
      .blend = {.session_rows = 1.0F, .embeddings = 1.0F, .popularity = 1.0F, .neighbours = 1.0F},
      .explain = true};
  Arranger arranger(shop.bundle);
  const Plan plan{.diversity = {.relevance = 0.5F, .per_category = 1},
                  .exploration = Exploration::kPlackettLuce,
                  .strength = 2.0F};
  std::size_t before = 0;
  for (int i = 0; i < 100; ++i) {
    if (i == 1) before = allocations;
    (void)ranker.rank(request, list);
    (void)ranker.rerank(given, request, list);
    (void)ranker.similar(testing::kMug, request, list);
    (void)arranger.arrange(ranker, request, {}, plan, list);
    (void)arranger.arrange(ranker, request, given, plan, list);
  }
  CHECK(allocations == before);
}

TEST_CASE("A visit does not allocate, from the second list of a length on") {
  const testing::OpenBundle shop(testing::small_shop());
  Recommender recommender(shop.bundle);
  Shopper shopper(1800);
  const std::uint32_t given[] = {0, 1, 2};
  const Plan plan{.exploration = Exploration::kPlackettLuce, .strength = 2.0F};
  ListRequest request{
      .given = given, .exclude = given, .plan = &plan, .exclude_seen = true, .explain = true};
  std::size_t before = 0;
  for (int i = 0; i < 100; ++i) {
    if (i == 1) before = allocations;
    shopper.clear();
    shopper.record({.item = testing::kMug});
    shopper.record({.item = testing::kLamp});
    for (const ListMode mode :
         {ListMode::kRecommend, ListMode::kRerank, ListMode::kSimilar, ListMode::kPopular}) {
      request.mode = mode;
      (void)recommender.list(shopper, request);
    }
  }
  CHECK(allocations == before);
}

}  // namespace
}  // namespace vitrine
