#include "vitrine/format/session_rows.h"

#include <algorithm>
#include <array>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>

#include "bundle/row_writer.h"
#include "vitrine/ranking/ranker.h"

namespace vitrine {
namespace {

using model::SessionEntry;

/// Rows together with the bytes they lie in.
struct WrittenRows {
  bundle::RowSections sections;
  SessionRows rows;

  WrittenRows(const std::vector<model::SessionEntry>& entries, std::uint32_t items)
      : sections(bundle::write_rows(entries, items)),
        rows(SessionRows::open({.lengths = sections.lengths,
                                .levels = std::as_bytes(std::span(sections.levels)),
                                .entries = sections.entries},
                               items)
                 .value()) {
    REQUIRE(rows.verify(static_cast<std::uint32_t>(entries.size())));
  }
};

std::vector<model::SessionEntry> read(const SessionRows& rows, std::uint32_t items) {
  std::vector<model::SessionEntry> entries;
  for (std::uint32_t item = 0; item < items; ++item) {
    rows.each(item, [&](std::uint32_t target, float weight) {
      entries.push_back({item, target, weight});
    });
  }
  std::sort(entries.begin(), entries.end(),
            [](const model::SessionEntry& a, const model::SessionEntry& b) {
              return a.source != b.source ? a.source < b.source : a.target < b.target;
            });
  return entries;
}

void check_same(const std::vector<model::SessionEntry>& got,
                const std::vector<model::SessionEntry>& expected) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    REQUIRE(got[i].source == expected[i].source);
    REQUIRE(got[i].target == expected[i].target);
    REQUIRE(got[i].weight == expected[i].weight);
  }
}

TEST_CASE("Rows come back as they were written, up to the farthest targets there can be") {
  constexpr std::uint32_t kItems = layout::kMaxItems;
  constexpr std::uint32_t kLast = kItems - 1;
  std::vector<model::SessionEntry> entries = {{0, 0, 0.5F},        {0, 1, 1.0F},
                                              {0, kLast, 0.25F},   {1, 0, 0.5F},
                                              {kLast, 0, 1.0F},    {kLast, kLast - 1, 0.5F},
                                              {kLast, kLast, 1.0F}};
  // Around every change of the code's length, in both directions.
  std::vector<model::SessionEntry> middle;
  for (const std::uint32_t gap :
       {0U, 11U, 12U, 267U, 268U, 779U, 780U, 907U, 908U, 17163U, 17164U, 2097931U, 2097932U}) {
    const std::uint32_t source = kItems / 2 + gap % 1000;
    middle.push_back({source, source - 1 - gap, 0.5F});
    middle.push_back({source, source + gap, 0.25F});
  }
  std::sort(middle.begin(), middle.end(),
            [](const model::SessionEntry& a, const model::SessionEntry& b) {
              return a.source != b.source ? a.source < b.source : a.target < b.target;
            });
  entries.insert(entries.end() - 3, middle.begin(), middle.end());
  const WrittenRows written(entries, kItems);
  check_same(read(written.rows, kItems), entries);
  CHECK(written.rows.find(0, kLast) == 0.25F);
  CHECK(written.rows.find(0, 2) == 0.0F);
}

TEST_CASE("Random rows come back, with weights of the nearest level") {
  std::mt19937 random(9);
  const auto uniform = [&] { return static_cast<float>(random() % 100000 + 1) / 100000.0F; };
  for (const std::uint32_t items : {1U, 2U, 50U, 3000U}) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, float> pairs;
    for (int i = 0; i < 4000; ++i) {
      pairs[{static_cast<std::uint32_t>(random()) % items,
             static_cast<std::uint32_t>(random()) % items}] = uniform() * uniform();
    }
    std::vector<model::SessionEntry> entries;
    for (const auto& [pair, weight] : pairs) entries.push_back({pair.first, pair.second, weight});
    const WrittenRows written(entries, items);
    const std::vector<model::SessionEntry> got = read(written.rows, items);
    REQUIRE(got.size() == entries.size());
    std::size_t near = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      REQUIRE((got[i].source == entries[i].source && got[i].target == entries[i].target));
      const float ratio = got[i].weight / entries[i].weight;
      near += ratio > 0.65F && ratio < 1.5F ? 1 : 0;
    }
    CHECK(near >= got.size() * 95 / 100);
  }
}

TEST_CASE("Rows of over 255 entries to one side come back") {
  std::vector<model::SessionEntry> entries;
  for (std::uint32_t i = 0; i < 1000; ++i) entries.push_back({300, i, 1.0F});
  check_same(read(WrittenRows(entries, 1000).rows, 1000), entries);
}

TEST_CASE("Up to sixteen different weights are kept as they are") {
  std::vector<model::SessionEntry> entries;
  for (std::uint32_t i = 0; i < 16; ++i) {
    entries.push_back({0, i, static_cast<float>(i + 1) * 0.001F});
  }
  const WrittenRows written(entries, 16);
  check_same(read(written.rows, 16), entries);
}

/// Two items; of each, how many of its entries go upwards, and its bytes.
struct TwoRows {
  std::array<unsigned, 2> up;
  std::array<std::vector<unsigned>, 2> bytes;
};

TEST_CASE("A malformed row is found, and reading it stays within its bytes and the items") {
  std::array<float, layout::kLevels> levels{};
  levels.fill(1.0F);
  const auto well_formed = [&](const TwoRows& two, std::uint32_t entries) {
    std::vector<std::byte> bytes;
    for (const auto& row : two.bytes) {
      for (const unsigned byte : row) bytes.push_back(static_cast<std::byte>(byte));
    }
    const std::vector<std::byte> lengths = {
        static_cast<std::byte>(two.up[0]), static_cast<std::byte>(two.up[1]),
        static_cast<std::byte>(two.bytes[0].size()), static_cast<std::byte>(two.bytes[1].size())};
    const auto opened = SessionRows::open(
        {.lengths = lengths, .levels = std::as_bytes(std::span(levels)), .entries = bytes}, 2);
    REQUIRE(opened.ok());
    for (std::uint32_t item = 0; item < 2; ++item) {
      opened.value().each(item, [](std::uint32_t target, float) { REQUIRE(target < 2); });
    }
    return opened.value().verify(entries);
  };
  CHECK(well_formed({{2, 0}, {{{0x00, 0x00}, {0x00}}}}, 3));
  CHECK(well_formed({{1, 0}, {{{0x10}, {0x00}}}}, 2));
  CHECK_FALSE(well_formed({{1, 0}, {{{0x10}, {0x00}}}}, 1));    // more than there should be
  CHECK_FALSE(well_formed({{1, 0}, {{{0x20}, {}}}}, 1));        // a target above the items
  CHECK_FALSE(well_formed({{2, 0}, {{{0x00, 0x10}, {}}}}, 2));  // the second one
  CHECK_FALSE(well_formed({{0, 0}, {{{0x00}, {}}}}, 1));        // a target below 0
  CHECK_FALSE(well_formed({{0, 0}, {{{}, {0x10}}}}, 1));
  CHECK_FALSE(well_formed({{0, 0}, {{{}, {0x00, 0x00}}}}, 2));
  CHECK_FALSE(well_formed({{2, 0}, {{{0x00}, {0x00}}}}, 3));  // a row longer than its bytes
  CHECK_FALSE(well_formed({{1, 0}, {{{0xC0}, {0x00}}}}, 2));  // an entry cut off
  CHECK_FALSE(well_formed({{1, 0}, {{{0xF0}, {0x00}}}}, 2));
  CHECK_FALSE(well_formed({{1, 0}, {{{0xF0, 0x80}, {0x00}}}}, 2));
  CHECK_FALSE(well_formed({{1, 0}, {{{0xF0, 0x80, 0x80, 0x80, 0x80, 0x00}, {}}}}, 1));
  CHECK_FALSE(well_formed({{1, 0}, {{{0xF0, 0xFF, 0xFF, 0xFF, 0x7F}, {}}}}, 1));

  const std::vector<std::byte> lengths = {std::byte{0}, std::byte{0}, std::byte{1}, std::byte{0}};
  const std::vector<std::byte> entries(1);
  const auto all = std::as_bytes(std::span(levels));
  const auto open = [&](const SessionRows::Sections& sections) {
    const auto opened = SessionRows::open(sections, 2);
    return opened.ok() ? Status::kOk : opened.status();
  };
  CHECK(open({lengths, all, entries}) == Status::kOk);
  CHECK(open({lengths, all.first(60), entries}) == Status::kBadSectionSize);
  CHECK(open({std::span(lengths).first(3), all, entries}) == Status::kBadSectionSize);
  CHECK(open({lengths, all, std::span(entries).first(0)}) == Status::kBadSessionRows);
}

}  // namespace
}  // namespace vitrine
