#include "recommend/models/sequence_teacher.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <utility>

#include "vitrine/split_mix.h"

namespace vitrine::recommend {

namespace {

constexpr std::uint32_t kItems = 60;

/// Sessions that walk up a ring of items, sometimes jumping.
model::SessionTable walks(std::size_t sessions) {
  SplitMix random(5);
  model::SessionTable table;
  for (std::size_t s = 0; s < sessions; ++s) {
    std::uint64_t at = random.below(kItems);
    for (int i = 0; i < 6; ++i) {
      table.items.push_back(static_cast<std::uint32_t>(at % kItems));
      table.kinds.push_back(EventKind::kView);
      at += random.below(6) == 0 ? random.below(kItems) : 1;
    }
    table.offsets.push_back(table.items.size());
  }
  return table;
}

std::map<std::pair<std::uint32_t, std::uint32_t>, float> by_pair(
    const std::vector<model::SessionEntry>& entries) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, float> pairs;
  for (const model::SessionEntry& entry : entries)
    pairs[{entry.source, entry.target}] = entry.weight;
  return pairs;
}

/// Counts the items whose most likely next item is the next one of the ring.
std::size_t learnt(const std::vector<model::SessionEntry>& entries) {
  std::vector<model::SessionEntry> best(kItems);
  for (const model::SessionEntry& entry : entries) {
    if (entry.weight > best[entry.source].weight) best[entry.source] = entry;
  }
  return static_cast<std::size_t>(std::count_if(best.begin(), best.end(), [](const auto& entry) {
    return entry.target == (entry.source + 1) % kItems;
  }));
}

bool same(const std::vector<model::SessionEntry>& a, const std::vector<model::SessionEntry>& b) {
  return std::ranges::equal(a, b, [](const model::SessionEntry& x, const model::SessionEntry& y) {
    return x.source == y.source && x.target == y.target && x.weight == y.weight;
  });
}

}  // namespace

TEST_CASE("a teacher learns what follows an item, and not what precedes it") {
  const auto entries = train_teacher(walks(1500), kItems, {.dims = 32, .epochs = 20});
  CHECK(learnt(entries) == kItems);
  const auto pairs = by_pair(entries);
  CHECK(pairs.at({10, 11}) > 0.5F);
  CHECK(pairs.at({10, 9}) < 0.1F);
}

TEST_CASE("a teacher that sees a sample of the items at a time learns much the same") {
  const auto entries =
      train_teacher(walks(1500), kItems, {.dims = 32, .epochs = 20, .negatives = 20});
  CHECK(learnt(entries) >= kItems - 3);
}

TEST_CASE("what a teacher says of a source are probabilities, by target, then source") {
  const auto entries = train_teacher(walks(300), kItems, {.dims = 16, .epochs = 2});
  CHECK(entries.size() == kItems * kItems);
  std::vector<double> sums(kItems, 0.0);
  for (const model::SessionEntry& entry : entries) sums[entry.source] += entry.weight;
  for (const double sum : sums) CHECK(std::abs(sum - 1.0) < 1e-4);
  CHECK(std::ranges::is_sorted(entries, {}, [](const model::SessionEntry& entry) {
    return std::pair(entry.target, entry.source);
  }));
}

TEST_CASE("a teacher keeps the likeliest targets of a source") {
  const model::SessionTable log = walks(300);
  const auto all = by_pair(train_teacher(log, kItems, {.dims = 16, .epochs = 2}));
  const auto few = train_teacher(log, kItems, {.dims = 16, .epochs = 2, .kept = 5});
  CHECK(few.size() == 5 * kItems);
  for (const model::SessionEntry& entry : few) {
    std::size_t likelier = 0;
    for (std::uint32_t target = 0; target < kItems; ++target) {
      if (all.at({entry.source, target}) > entry.weight) ++likelier;
    }
    CHECK(likelier < 5);
  }
}

TEST_CASE("a teacher does not depend on the number of threads") {
  const model::SessionTable log = walks(400);
  for (const std::uint32_t negatives : {30U, 512U}) {
    TeacherOptions options{.dims = 24, .epochs = 2, .negatives = negatives, .batch = 300};
    const auto one = train_teacher(log, kItems, options);
    options.threads = 4;
    CHECK(same(one, train_teacher(log, kItems, options)));
    options.seed = 2;
    CHECK_FALSE(same(one, train_teacher(log, kItems, options)));
  }
}

TEST_CASE("a teacher of a long log learns from the latest sessions, and says nothing of others") {
  model::SessionTable log = walks(50);
  for (int i = 0; i < 3; ++i) {  // a session of two items that no other has
    log.items.insert(log.items.end(), {kItems, kItems + 1});
    log.kinds.insert(log.kinds.end(), 2, EventKind::kView);
    log.offsets.push_back(log.items.size());
  }
  const auto entries = train_teacher(log, kItems + 2, {.dims = 8, .epochs = 100, .examples = 3});
  REQUIRE_FALSE(entries.empty());
  for (const model::SessionEntry& entry : entries) CHECK(entry.source >= kItems);
}

TEST_CASE("a session of thousands of events is learnt from in stretches") {
  model::SessionTable log;
  for (std::uint32_t i = 0; i < 5000; ++i) log.items.push_back(i % kItems);
  log.kinds.assign(log.items.size(), EventKind::kView);
  log.offsets.push_back(log.items.size());
  CHECK(learnt(train_teacher(log, kItems, {.dims = 32, .epochs = 20, .batch = 200})) >= kItems - 3);
}

TEST_CASE("no log, or one without a next event, teaches nothing") {
  CHECK(train_teacher({}, 0, {}).empty());
  model::SessionTable log;
  log.items = {0, 1};
  log.kinds.assign(2, EventKind::kView);
  log.offsets = {0, 1, 2};
  CHECK(train_teacher(log, 2, {}).empty());
}

}  // namespace vitrine::recommend
