#include "vitrine/session_rows.h"

#include <algorithm>
#include <array>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>

#include "bundle/row_writer.h"
#include "vitrine/scorers.h"

namespace vitrine {
namespace {

using train::SessionEntry;

/// Rows together with the bytes they lie in.
struct WrittenRows {
  train::RowSections sections;
  SessionRows rows;

  WrittenRows(const std::vector<SessionEntry>& entries, std::uint32_t items)
      : sections(train::write_rows(entries, items)),
        rows(SessionRows::open({.lengths = sections.lengths,
                                .levels = std::as_bytes(std::span(sections.levels)),
                                .entries = sections.entries},
                               items, static_cast<std::uint32_t>(entries.size()))
                 .value()) {}
};

std::vector<SessionEntry> read(const SessionRows& rows, std::uint32_t items) {
  std::vector<SessionEntry> entries;
  for (std::uint32_t item = 0; item < items; ++item) {
    rows.each(item, [&](std::uint32_t target, float weight) {
      entries.push_back({item, target, weight});
    });
  }
  std::sort(entries.begin(), entries.end(), [](const SessionEntry& a, const SessionEntry& b) {
    return a.source != b.source ? a.source < b.source : a.target < b.target;
  });
  return entries;
}

void check_same(const std::vector<SessionEntry>& got, const std::vector<SessionEntry>& expected) {
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
  std::vector<SessionEntry> entries = {{0, 0, 0.5F},        {0, 1, 1.0F},
                                       {0, kLast, 0.25F},   {1, 0, 0.5F},
                                       {kLast, 0, 1.0F},    {kLast, kLast - 1, 0.5F},
                                       {kLast, kLast, 1.0F}};
  // Around every change of the code's length, in both directions.
  std::vector<SessionEntry> middle;
  for (const std::uint32_t gap :
       {0U, 11U, 12U, 267U, 268U, 779U, 780U, 907U, 908U, 17163U, 17164U, 2097931U, 2097932U}) {
    const std::uint32_t source = kItems / 2 + gap % 1000;
    middle.push_back({source, source - 1 - gap, 0.5F});
    middle.push_back({source, source + gap, 0.25F});
  }
  std::sort(middle.begin(), middle.end(), [](const SessionEntry& a, const SessionEntry& b) {
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
    std::vector<SessionEntry> entries;
    for (const auto& [pair, weight] : pairs) entries.push_back({pair.first, pair.second, weight});
    const WrittenRows written(entries, items);
    const std::vector<SessionEntry> got = read(written.rows, items);
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
  std::vector<SessionEntry> entries;
  for (std::uint32_t i = 0; i < 1000; ++i) entries.push_back({300, i, 1.0F});
  check_same(read(WrittenRows(entries, 1000).rows, 1000), entries);
}

TEST_CASE("Up to sixteen different weights are kept as they are") {
  std::vector<SessionEntry> entries;
  for (std::uint32_t i = 0; i < 16; ++i) {
    entries.push_back({0, i, static_cast<float>(i + 1) * 0.001F});
  }
  const WrittenRows written(entries, 16);
  check_same(read(written.rows, 16), entries);
}

TEST_CASE("Malformed rows are refused") {
  std::array<float, layout::kLevels> levels{};
  levels.fill(1.0F);
  // Two items; the lengths upwards and downwards of the first and the second.
  const auto status = [&](std::array<unsigned, 4> lengths, std::vector<unsigned> entries) {
    std::vector<std::byte> length_bytes(8);  // of 0, 1 upwards, 0, 1 downwards; then high bytes
    length_bytes[0] = static_cast<std::byte>(lengths[0]);
    length_bytes[1] = static_cast<std::byte>(lengths[2]);
    length_bytes[2] = static_cast<std::byte>(lengths[1]);
    length_bytes[3] = static_cast<std::byte>(lengths[3]);
    std::vector<std::byte> bytes;
    for (const unsigned byte : entries) bytes.push_back(static_cast<std::byte>(byte));
    const auto opened = SessionRows::open(
        {.lengths = length_bytes, .levels = std::as_bytes(std::span(levels)), .entries = bytes}, 2,
        lengths[0] + lengths[1] + lengths[2] + lengths[3]);
    return opened.ok() ? Status::kOk : opened.status();
  };
  constexpr Status kBad = Status::kBadSessionRows;
  CHECK(status({2, 0, 0, 1}, {0x00, 0x00, 0x00}) == Status::kOk);
  CHECK(status({1, 0, 0, 1}, {0x10, 0x00}) == Status::kOk);
  CHECK(status({1, 0, 0, 0}, {0x20}) == kBad);        // a target above the items
  CHECK(status({2, 0, 0, 0}, {0x00, 0x10}) == kBad);  // the second one
  CHECK(status({0, 1, 0, 0}, {0x00}) == kBad);        // a target below 0
  CHECK(status({0, 0, 0, 1}, {0x10}) == kBad);
  CHECK(status({0, 0, 0, 2}, {0x00, 0x00}) == kBad);
  CHECK(status({2, 0, 0, 0}, {0x00}) == kBad);  // a row longer than the bytes
  CHECK(status({1, 0, 0, 0}, {0xC0}) == kBad);  // an entry cut off
  CHECK(status({1, 0, 0, 0}, {0xF0}) == kBad);
  CHECK(status({1, 0, 0, 0}, {0xF0, 0x80}) == kBad);
  CHECK(status({1, 0, 0, 0}, {0xF0, 0x80, 0x80, 0x80, 0x80, 0x00}) == kBad);  // a varint too long
  CHECK(status({1, 0, 0, 0}, {0xF0, 0xFF, 0xFF, 0xFF, 0x7F}) == kBad);
  CHECK(status({1, 0, 0, 1}, {0x00, 0x00, 0x00}) == kBad);  // trailing bytes
  CHECK(status({1, 0, 0, 0}, {0x00, 0x00}) == kBad);

  const std::vector<std::byte> lengths(8);
  const std::vector<std::byte> entries(1);
  const auto all = std::as_bytes(std::span(levels));
  const auto open = [&](auto sections, std::uint32_t count) {
    return SessionRows::open(sections, 2, count).status();
  };
  using Sections = SessionRows::Sections;
  CHECK(open(Sections{lengths, all.first(60), entries}, 1) == Status::kBadSectionSize);
  CHECK(open(Sections{std::span(lengths).first(7), all, entries}, 1) == Status::kBadSectionSize);
  CHECK(open(Sections{lengths, all, entries}, 1) == kBad);  // lengths of nothing
}

}  // namespace
}  // namespace vitrine
