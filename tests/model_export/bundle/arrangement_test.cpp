#include "bundle/arrangement.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <numeric>

#include "bundle/bundle_file.h"
#include "core/shop.h"
#include "vitrine/split_mix.h"

namespace vitrine::bundle {

namespace {

/// Items of groups that lead to each other, in an order that says nothing of the groups.
std::vector<model::SessionEntry> grouped(std::uint32_t items, std::uint32_t groups) {
  SplitMix random(8);
  std::vector<model::SessionEntry> entries;
  for (std::uint32_t i = 0; i < items; ++i) {
    for (std::uint32_t j = i % groups; j < items; j += groups) {
      if (j != i && random.below(3) == 0) entries.push_back({i, j, 0.1F});
    }
  }
  return entries;
}

double bits_of_gaps(std::vector<model::SessionEntry> entries,
                    const std::vector<std::uint32_t>& numbers) {
  double bits = 0.0;
  for (const model::SessionEntry& entry : entries) {
    const double apart = std::abs(static_cast<double>(numbers[entry.source]) -
                                  static_cast<double>(numbers[entry.target]));
    bits += std::log2(apart);
  }
  return bits / static_cast<double>(entries.size());
}

}  // namespace

TEST_CASE("the arrangement is a permutation, the same at any number of threads") {
  for (const std::uint32_t items : {1U, 2U, 3U, 4U, 5U, 100U, 1000U}) {
    const std::vector<model::SessionEntry> entries = grouped(items, std::max(1U, items / 20));
    const std::vector<std::uint32_t> one = arrange(entries, items, 1);
    CHECK(arrange(entries, items, 2) == one);
    CHECK(arrange(entries, items, 5) == one);
    std::vector<std::uint32_t> sorted = one;
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::uint32_t> all(items);
    std::iota(all.begin(), all.end(), 0U);
    CHECK(sorted == all);
  }
}

TEST_CASE("items of a group are brought together") {
  const std::vector<model::SessionEntry> entries = grouped(2000, 100);
  std::vector<std::uint32_t> given(2000);
  std::iota(given.begin(), given.end(), 0U);
  CHECK(bits_of_gaps(entries, given) > 9.0);
  CHECK(bits_of_gaps(entries, arrange(entries, 2000, 2)) < 4.0);
}

TEST_CASE("items that no row names come last, in their order") {
  const std::vector<model::SessionEntry> entries = {{1, 3, 0.5F}, {3, 1, 0.5F}, {5, 1, 0.5F}};
  const std::vector<std::uint32_t> numbers = arrange(entries, 7, 1);
  CHECK((numbers[0] == 3 && numbers[2] == 4 && numbers[4] == 5 && numbers[6] == 6));
}

TEST_CASE("an arranged bundle says the same of every item") {
  BundleContents contents = testing::small_shop();
  const testing::OpenBundle plain(contents);
  contents.arrangement = {3, 0, 7, 5, 1, 6, 2, 4};
  // Partitions come first, by the mean place of their items; the arrangement orders what is in one.
  std::vector<std::uint32_t> numbers = {4, 3, 6, 5, 1, 2, 0, 7};
  std::vector<std::uint32_t> ends = {1, 3, 7};
  if (GENERATE(false, true)) {
    contents.partitions = {};
    numbers = contents.arrangement;
    ends.clear();
  }
  const testing::OpenBundle moved(contents);
  const auto found_ends = moved.bundle.partitions().ends;
  CHECK(std::vector(found_ends.begin(), found_ends.end()) == ends);
  const auto number = [&](std::uint32_t item) { return numbers[item]; };
  for (std::uint32_t i = 0; i < 8; ++i) {
    CHECK(moved.bundle.ids().find(contents.ids[i]) == number(i));
    CHECK(moved.bundle.popularity().share(number(i)) == plain.bundle.popularity().share(i));
    CHECK(moved.bundle.catalog().price(number(i)) == plain.bundle.catalog().price(i));
    CHECK(moved.bundle.catalog().available(number(i)) == plain.bundle.catalog().available(i));
    for (std::uint32_t j = 0; j < 8; ++j) {
      CHECK(moved.bundle.session_rows().find(number(i), number(j)) ==
            plain.bundle.session_rows().find(i, j));
    }
    for (std::uint32_t d = 0; d < 3; ++d) {
      CHECK(moved.bundle.embeddings().codes[number(i) * 16 + d] ==
            plain.bundle.embeddings().codes[i * 16 + d]);
    }
  }
}

}  // namespace vitrine::bundle
