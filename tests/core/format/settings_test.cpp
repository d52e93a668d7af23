#include "vitrine/format/settings.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "core/shop.h"

namespace vitrine {
namespace {

using layout::SettingField;
using testing::OpenBundle;
using testing::small_shop;

using Words = std::vector<std::uint32_t>;

/// A field as a file has it.
Words field(std::uint32_t tag, const Words& values) {
  Words words{tag | static_cast<std::uint32_t>(values.size()) << 16U};
  words.insert(words.end(), values.begin(), values.end());
  return words;
}

Words joined(const std::vector<Words>& fields) {
  Words all;
  for (const Words& one : fields) all.insert(all.end(), one.begin(), one.end());
  return all;
}

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

Status status_of(const Words& words) {
  layout::Settings settings;
  return read_settings(std::as_bytes(std::span(words)), settings);
}

bool equal(const layout::Settings& a, const layout::Settings& b) {
  static_assert(sizeof(layout::Settings) % sizeof(float) == 0, "no padding to compare");
  return std::memcmp(&a, &b, sizeof a) == 0;
}

TEST_CASE("Settings without fields have their defaults") {
  layout::Settings settings;
  CHECK(read_settings({}, settings) == Status::kOk);
  CHECK(equal(settings, layout::Settings{}));
  CHECK(settings.session_gap == 1800);
  CHECK(settings.recommend.popularity == 0.0F);
}

TEST_CASE("A bundle whose settings are all defaults has no section of them, and opens") {
  bundle::BundleContents contents = small_shop();
  contents.settings = {};
  const OpenBundle shop(contents);
  CHECK(shop.bundle.sections()[0].kind != layout::SectionKind::kSettings);
  CHECK(equal(shop.bundle.settings(), layout::Settings{}));
}

TEST_CASE("Every setting comes back as it was written, and every one has a tag") {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    bundle::BundleContents contents = small_shop();
    std::size_t covered = 0;
    auto* const bytes = reinterpret_cast<std::byte*>(&contents.settings);
    for (const SettingField& one : layout::kSettingFields) {
      for (std::uint32_t i = 0; i < one.count; ++i, ++covered) {
        std::uint32_t value = one.least + static_cast<std::uint32_t>(
                                              random() % (std::uint64_t{one.most} - one.least + 1));
        std::memcpy(bytes + one.offset + 4 * i, &value, sizeof value);
      }
    }
    REQUIRE(covered * sizeof(float) == sizeof contents.settings);
    layout::NeighbourSettings& neighbours = contents.settings.neighbours;
    neighbours.neighbours = std::min(neighbours.neighbours, neighbours.sessions);
    const OpenBundle shop(contents);
    REQUIRE(equal(shop.bundle.settings(), contents.settings));
  }
}

TEST_CASE("A bundle with other settings has the bytes that writing it with them gives") {
  bundle::BundleContents contents = small_shop();
  const std::vector<std::byte> before = bundle::write_bundle(contents);
  contents.settings.recommend.embeddings = 0.25F;
  contents.settings.neighbours.reach = 7;
  CHECK(bundle::with_settings(before, contents.settings) == bundle::write_bundle(contents));
  contents.settings = {};
  const std::vector<std::byte> bare = bundle::write_bundle(contents);
  CHECK(bundle::with_settings(before, contents.settings) == bare);
  CHECK(bundle::with_settings(bare, small_shop().settings) == before);
}

TEST_CASE("Fields of unknown tags are passed over, whatever they hold") {
  const Words words = joined({field(1, {bits(0.5F)}), field(99, {0xFFFFFFFF, 0, 7}), field(100, {}),
                              field(0x1FF, {bits(3.0F)}), field(0x202, {bits(0.25F)}),
                              field(0xFFFF, {bits(std::nanf(""))})});
  layout::Settings settings;
  REQUIRE(read_settings(std::as_bytes(std::span(words)), settings) == Status::kOk);
  CHECK(settings.row_decay == 0.5F);
  CHECK(settings.similar.popularity == 0.25F);
  CHECK(settings.recommend.popularity == 0.0F);
}

TEST_CASE("Every field out of its range is refused") {
  for (const SettingField& one : layout::kSettingFields) {
    CAPTURE(one.tag);
    const auto with = [&](std::uint32_t value) {
      std::vector<Words> fields;
      // The fewest neighbours are compared with the most sessions, and the other way round.
      if (one.tag == 11) fields.push_back(field(10, {layout::kMaxSimilarSessions}));
      fields.push_back(field(one.tag, Words(one.count, value)));
      if (one.tag == 10) fields.push_back(field(11, {1}));
      return status_of(joined(fields));
    };
    CHECK(with(one.least) == Status::kOk);
    CHECK(with(one.most) == Status::kOk);
    if (one.least > 0) CHECK(with(one.least - 1) == Status::kBadSettings);
    if (one.most < 0xFFFFFFFF) {
      for (const std::uint32_t value :
           {one.most + 1, bits(std::nanf("")), bits(INFINITY), bits(-1.0F), bits(-0.0F)}) {
        CHECK(with(value) == Status::kBadSettings);
      }
    }
    CHECK(status_of(field(one.tag, Words(one.count + 1, one.least))) == Status::kBadSettings);
    CHECK(status_of(field(one.tag, Words(one.count - 1, one.least))) == Status::kBadSettings);
  }
  CHECK(status_of(joined({field(10, {50}), field(11, {50})})) == Status::kOk);
  CHECK(status_of(joined({field(10, {50}), field(11, {51})})) == Status::kBadSettings);
  CHECK(status_of(field(10, {99})) == Status::kBadSettings);  // fewer than the 100 neighbours
}

TEST_CASE("Fields that repeat, fall or are cut off are refused") {
  const Words decay = field(1, {bits(0.5F)});
  CHECK(status_of(decay) == Status::kOk);
  CHECK(status_of(joined({decay, decay})) == Status::kBadSettings);
  CHECK(status_of(joined({field(2, {bits(0.5F)}), decay})) == Status::kBadSettings);
  CHECK(status_of(joined({field(700, {}), field(700, {})})) == Status::kBadSettings);
  CHECK(status_of(field(0, {})) == Status::kBadSettings);
  CHECK(status_of({1U | 1U << 16U}) == Status::kBadSettings);
  CHECK(status_of({99U | 0xFFFFU << 16U, 0}) == Status::kBadSettings);
  for (std::size_t size = 1; size < 8; ++size) {
    layout::Settings settings;
    const auto cut = std::as_bytes(std::span(decay)).first(size);
    CHECK(read_settings(cut, settings) == Status::kBadSettings);
  }
}

TEST_CASE("Random fields are refused, or leave settings within their ranges") {
  std::mt19937 random(5);
  std::size_t taken = 0;
  for (int round = 0; round < 20000; ++round) {
    Words words;
    for (unsigned left = random() % 5; left > 0; --left) {
      Words values(random() % 8 == 0 ? random() % 8 : 1);
      for (std::uint32_t& value : values) {
        value = random() % 2 == 0 ? bits(0.5F) : static_cast<std::uint32_t>(random());
      }
      const Words one = field(random() % 16 + (random() % 4 << 8U), values);
      words.insert(words.end(), one.begin(), one.end());
    }
    layout::Settings settings;
    if (read_settings(std::as_bytes(std::span(words)), settings) != Status::kOk) continue;
    ++taken;
    for (const SettingField& one : layout::kSettingFields) {
      for (std::uint32_t i = 0; i < one.count; ++i) {
        std::uint32_t value = 0;
        std::memcpy(&value, reinterpret_cast<std::byte*>(&settings) + one.offset + 4 * i, 4);
        REQUIRE(value >= one.least);
        REQUIRE(value <= one.most);
      }
    }
    REQUIRE(settings.neighbours.neighbours <= settings.neighbours.sessions);
  }
  CHECK(taken > 1000);
}

TEST_CASE("Kinds of reasons have a name each, and signals a weight each") {
  for (const std::string_view name : layout::kReasonNames) CHECK_FALSE(name.empty());
  CHECK(layout::kReasonNames[static_cast<std::size_t>(ReasonKind::kNeighbours)] == "neighbours");
  layout::Blend blend;
  auto* const bytes = reinterpret_cast<std::byte*>(&blend);
  float weight = 0.0F;
  for (const layout::Signal& signal : layout::kSignals) {
    std::memcpy(bytes + signal.offset, &(weight += 1.0F), sizeof weight);
  }
  CHECK(blend.session_rows == 1.0F);
  CHECK(blend.neighbours == 4.0F);
  CHECK(weight == static_cast<float>(sizeof blend / sizeof weight));
}

}  // namespace
}  // namespace vitrine
