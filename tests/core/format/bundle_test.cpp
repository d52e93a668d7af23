#include "vitrine/format/bundle.h"

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <random>

#include "core/shop.h"

namespace vitrine {
namespace {

using testing::OpenBundle;
using testing::small_shop;

Status open_status(const std::vector<std::byte>& bytes) {
  const Result<Bundle> bundle = Bundle::open(bytes);
  return bundle.ok() ? Status::kOk : bundle.status();
}

/// Returns the status of open(), or of verify() when open() succeeds.
Status verified_status(const std::vector<std::byte>& bytes) {
  const Result<Bundle> bundle = Bundle::open(bytes);
  return bundle.ok() ? bundle.value().verify() : bundle.status();
}

/// Makes damage look intended, so that the checks behind the hash have to find it.
void sign(std::vector<std::byte>& bytes) {
  if (bytes.size() <= layout::kHashedFrom) return;
  const std::uint64_t hash = content_hash(std::span(bytes).subspan(layout::kHashedFrom));
  std::memcpy(bytes.data() + offsetof(layout::Header, content_hash), &hash, sizeof hash);
}

/// Uses everything a bundle offers; a sanitizer build fails when any of it reaches outside.
void exercise(const Bundle& bundle) {
  const bool well_formed = bundle.verify() == Status::kOk;
  const ItemNames names(bundle.ids());
  std::array<char, layout::kMaxIdBytes> id;
  for (std::uint32_t item = 0; item < bundle.item_count(); ++item) {
    const std::string_view text = names.id_of(item, id);
    const std::optional<std::uint32_t> found = bundle.ids().find(text);
    REQUIRE((found == item || !well_formed));
    REQUIRE(found.value_or(0) < bundle.item_count());
  }
  const SessionEvent history[] = {{.item = 0},
                                  {.item = bundle.item_count() - 1, .kind = EventKind::kCart}};
  Ranker ranker(bundle);
  std::vector<Ranked> list(bundle.item_count());
  layout::Blend blend = bundle.settings().recommend;
  blend.embeddings = 1.0F;
  blend.neighbours = 1.0F;
  blend.trending = 1.0F;
  (void)ranker.rank({.history = history, .blend = blend, .explain = true}, list);
  (void)ranker.similar(0, {.explain = true}, list);
}

const layout::Section& section_of(const Bundle& bundle, layout::SectionKind kind) {
  for (const layout::Section& section : bundle.sections()) {
    if (section.kind == kind) return section;
  }
  FAIL("no such section");
  return bundle.sections()[0];
}

TEST_CASE("A written bundle opens with what was put into it") {
  const OpenBundle shop(small_shop());
  const Bundle& bundle = shop.bundle;
  CHECK(bundle.item_count() == 8);
  CHECK(bundle.popularity().share(0) == 1.0F);
  CHECK(std::abs(bundle.popularity().share(4) - 0.36F) < 2e-4F);
  CHECK(bundle.popularity().share(7) == 0.0F);
  CHECK(std::ranges::equal(bundle.trend(), small_shop().trend));
  CHECK(bundle.metadata() == R"({"shop":"small"})");
  CHECK(bundle.experiments() == R"({"experiments":[]})");
  CHECK(bundle.embeddings().dims == 3);
  CHECK(bundle.header().session_entries == 8);
  CHECK(bundle.session_rows().find(testing::kLamp, testing::kVase) == 0.6F);
  CHECK(bundle.session_rows().find(testing::kLamp, testing::kMug) == 0.0F);
  CHECK(bundle.session_sample().sessions() == 4);
  CHECK(bundle.session_sample().item(4) == testing::kBowl);
  const auto with_mug = bundle.session_sample().sessions_with(testing::kMug);
  CHECK(std::vector(with_mug.begin(), with_mug.end()) == std::vector<std::uint32_t>{0, 3});
  CHECK(bundle.session_sample().sessions_with(testing::kNew).empty());
  exercise(bundle);
}

TEST_CASE("Every id is found, and no other") {
  const OpenBundle shop(small_shop());
  const std::vector<std::string> ids = small_shop().ids;
  for (std::uint32_t i = 0; i < ids.size(); ++i) CHECK(shop.bundle.ids().find(ids[i]) == i);
  for (const char* other : {"", "mug", "mug-10", "a", "zzz", "bowl", "vase-"}) {
    CHECK_FALSE(shop.bundle.ids().find(other).has_value());
  }
}

TEST_CASE("Of names that begin alike just those are found that are ids") {
  // Every text of one to four of these; each third is an item.
  const std::vector<std::string> parts = {"a", "b", "\xC3\xA9", "\x7F", "-"};
  std::vector<std::string> names = {""};
  for (std::size_t from = 0, length = 1; length <= 4; ++length) {
    const std::size_t end = names.size();
    for (; from < end; ++from) {
      for (const std::string& part : parts) names.push_back(names[from] + part);
    }
  }
  bundle::BundleContents contents;
  for (std::size_t i = 1; i < names.size(); i += 3) contents.ids.push_back(names[i]);
  contents.popularity.assign(contents.ids.size(), 1.0);
  contents.settings = small_shop().settings;
  const OpenBundle bundle(contents);
  const ItemNames back(bundle.bundle.ids());
  std::array<char, layout::kMaxIdBytes> id;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = bundle.bundle.ids().find(names[i]);
    REQUIRE(found.has_value() == (i % 3 == 1));
    if (found) REQUIRE(back.id_of(*found, id) == names[i]);
  }
}

TEST_CASE("Ids longer than a block and up to the limit survive") {
  bundle::BundleContents contents;
  for (int i = 0; i < 1000; ++i) {
    contents.ids.push_back("item-" + std::to_string(i * 7919 % 1000));
    contents.popularity.push_back(1000 - i);
  }
  contents.ids.push_back(std::string(layout::kMaxIdBytes, 'x'));
  contents.popularity.push_back(0);
  contents.settings = small_shop().settings;
  const OpenBundle bundle(contents);
  for (std::uint32_t i = 0; i < contents.ids.size(); ++i) {
    REQUIRE(bundle.bundle.ids().find(contents.ids[i]) == i);
  }
  exercise(bundle.bundle);
}

TEST_CASE("Sampled sessions of more than 65,536 items keep the upper bits of their items") {
  bundle::BundleContents contents;
  for (std::uint32_t i = 0; i < 70000; ++i) {
    contents.ids.push_back(std::to_string(i));
    contents.popularity.push_back(70000 - i);
  }
  contents.sessions = {.offsets = {0, 2, 4}, .items = {3, 65539, 65539, 69999}};
  contents.settings = small_shop().settings;
  const OpenBundle bundle(contents);
  const SessionEvent history[] = {{.item = 65539}};
  const auto list = testing::rank(
      bundle.bundle, {.history = history, .blend = {.neighbours = 1.0F}, .exclude_seen = true}, 3);
  CHECK(testing::items(list) == std::vector<std::uint32_t>{3, 69999, 0});
}

TEST_CASE("A bundle without catalogue, rows and embeddings opens and ranks by popularity") {
  bundle::BundleContents contents;
  contents.ids = {"b", "a"};
  contents.popularity = {2, 1};
  contents.settings = small_shop().settings;
  const OpenBundle bundle(contents);
  CHECK(testing::items(testing::rank(bundle.bundle, {.blend = contents.settings.recommend}, 5)) ==
        std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("Every shorter file is refused") {
  const std::vector<std::byte> whole = bundle::write_bundle(small_shop());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(),
                                     whole.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE(open_status(cut) == Status::kTruncated);
  }
}

TEST_CASE("Every flipped bit is noticed") {
  const std::vector<std::byte> whole = bundle::write_bundle(small_shop());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> flipped = whole;
      flipped[at] ^= static_cast<std::byte>(1U << bit);
      REQUIRE(open_status(flipped) != Status::kOk);
    }
  }
}

TEST_CASE("A bundle whose bytes the caller has verified opens whatever its hash, and only that") {
  std::vector<std::byte> whole = bundle::write_bundle(small_shop());
  whole[offsetof(layout::Header, content_hash)] ^= std::byte{1};
  CHECK(Bundle::open(whole).status() == Status::kHashMismatch);
  CHECK(Bundle::open(whole, Checksum::kVerified).ok());
  whole.pop_back();
  CHECK(Bundle::open(whole, Checksum::kVerified).status() == Status::kTruncated);
}

TEST_CASE("A flipped bit under a matching hash is refused or harmless") {
  const std::vector<std::byte> whole = bundle::write_bundle(small_shop());
  std::size_t opened = 0;
  for (std::size_t at = layout::kHashedFrom; at < whole.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> flipped = whole;
      flipped[at] ^= static_cast<std::byte>(1U << bit);
      sign(flipped);
      const Result<Bundle> bundle = Bundle::open(flipped);
      if (!bundle.ok()) continue;
      ++opened;
      exercise(bundle.value());
    }
  }
  CHECK(opened > 0);  // values such as prices may differ: they are data
}

TEST_CASE("Random bytes written over a bundle are refused or harmless") {
  const std::vector<std::byte> whole = bundle::write_bundle(small_shop());
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::byte> hostile = whole;
    for (unsigned hits = random() % 4 + 1; hits > 0; --hits) {
      const std::size_t at =
          layout::kHashedFrom + random() % (hostile.size() - layout::kHashedFrom);
      static constexpr std::uint32_t kNasty[] = {0,          1,          0x7F,       0xFF,
                                                 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0};
      const std::uint32_t value =
          random() % 2 == 0 ? kNasty[random() % 8] : static_cast<std::uint32_t>(random());
      std::memcpy(hostile.data() + at, &value, std::min<std::size_t>(4, hostile.size() - at));
    }
    sign(hostile);
    const Result<Bundle> bundle = Bundle::open(hostile);
    if (bundle.ok()) exercise(bundle.value());
  }
}

TEST_CASE("Random sections cut out or swapped are refused or harmless") {
  const std::vector<std::byte> whole = bundle::write_bundle(small_shop());
  layout::Header header;
  std::memcpy(&header, whole.data(), sizeof header);
  for (std::uint32_t a = 0; a < header.section_count; ++a) {
    for (std::uint32_t b = 0; b < header.section_count; ++b) {
      std::vector<std::byte> hostile = whole;
      auto* table = reinterpret_cast<layout::Section*>(hostile.data() + sizeof header);
      std::swap(table[a].offset, table[b].offset);
      if (a == b) table[a].size = 0;
      sign(hostile);
      const Result<Bundle> bundle = Bundle::open(hostile);
      if (bundle.ok()) exercise(bundle.value());
    }
  }
}

TEST_CASE("What is wrong has a name") {
  const OpenBundle good(small_shop());
  const auto broken = [&](const auto& change) {
    std::vector<std::byte> bytes = good.bytes;
    change(bytes);
    sign(bytes);
    return verified_status(bytes);
  };
  const auto poke = [&](layout::SectionKind kind, std::size_t at, auto value) {
    return broken([&](std::vector<std::byte>& bytes) {
      std::memcpy(bytes.data() + section_of(good.bundle, kind).offset + at, &value, sizeof value);
    });
  };
  const auto header = [&](std::size_t at, auto value) {
    return broken([&](std::vector<std::byte>& bytes) {
      std::memcpy(bytes.data() + at, &value, sizeof value);
    });
  };
  using layout::SectionKind;
  CHECK(header(0, 'x') == Status::kBadMagic);
  CHECK(header(offsetof(layout::Header, version), 2U) == Status::kUnsupportedVersion);
  CHECK(header(offsetof(layout::Header, item_count), 0U) == Status::kBadItemCount);
  CHECK(header(offsetof(layout::Header, item_count), layout::kMaxItems + 1) ==
        Status::kBadItemCount);
  CHECK(header(offsetof(layout::Header, section_count), 1U) == Status::kMissingSection);
  CHECK(header(offsetof(layout::Header, section_count), 65U) == Status::kBadSectionTable);
  CHECK(header(offsetof(layout::Header, embedding_dims), 300U) == Status::kBadEmbeddings);
  CHECK(header(offsetof(layout::Header, session_entries), 9U) == Status::kBadSessionRows);
  CHECK(broken([](std::vector<std::byte>& bytes) { bytes.push_back(std::byte{0}); }) ==
        Status::kTrailingBytes);
  CHECK(poke(SectionKind::kIds, 0, 3U) == Status::kBadIds);
  CHECK(poke(SectionKind::kIdOrder, 0, std::uint8_t{8}) == Status::kBadIdOrder);
  CHECK(poke(SectionKind::kIdOrder, 1, std::uint8_t{3}) == Status::kBadIdOrder);
  CHECK(poke(SectionKind::kIdOrder, 8, std::uint8_t{1}) == Status::kBadIdOrder);
  CHECK(poke(SectionKind::kSettings, 0, std::uint16_t{0}) == Status::kBadSettings);
  CHECK(poke(SectionKind::kMetadata, 0, '\xFF') == Status::kBadMetadata);
  CHECK(poke(SectionKind::kPopularity, 3, std::uint8_t{0}) == Status::kOk);  // any share may be
  CHECK(poke(SectionKind::kPopularity, 0, std::uint8_t{254}) ==
        Status::kBadPopularity);  // the best
  CHECK(poke(SectionKind::kCategories, 0, 60000U) == Status::kBadStringTable);
  CHECK(poke(SectionKind::kItemCategory, 0, std::uint16_t{99}) == Status::kBadCatalog);
  CHECK(poke(SectionKind::kItemBrand, 0, std::uint16_t{99}) == Status::kBadCatalog);
  CHECK(poke(SectionKind::kItemPrice, 0, -2.0F) == Status::kBadCatalog);
  CHECK(poke(SectionKind::kEmbeddingScales, 0, std::uint16_t{0x7FC0}) == Status::kBadEmbeddings);
  CHECK(poke(SectionKind::kEmbeddingCodes, 3, '\1') == Status::kBadEmbeddings);
  CHECK(poke(SectionKind::kPartitionScales, 0, std::uint16_t{0x8000}) == Status::kBadPartitions);
  CHECK(poke(SectionKind::kPartitionEnds, 0, 7U) == Status::kBadPartitions);
  CHECK(poke(SectionKind::kPartitionEnds, 8, 9U) == Status::kBadPartitions);
  CHECK(poke(SectionKind::kPartitionSearch, 0, 3.0F) == Status::kBadPartitions);
  CHECK(poke(SectionKind::kPartitionSearch, 0, std::nanf("")) == Status::kBadPartitions);
  CHECK(poke(SectionKind::kRowLengths, 0, std::uint8_t{3}) == Status::kBadSessionRows);
  CHECK(poke(SectionKind::kRowLevels, 0, -1.0F) == Status::kBadSessionRows);
  CHECK(poke(SectionKind::kRowLevels, 4, std::nanf("")) == Status::kBadSessionRows);
  CHECK(poke(SectionKind::kRowEntries, 0, std::uint8_t{0xB0}) == Status::kBadSessionRows);
  CHECK(poke(SectionKind::kSampleLengths, 0, '\0') == Status::kBadSessionSample);
  CHECK(poke(SectionKind::kSampleLengths, 0, '\2') == Status::kBadSessionSample);
  CHECK(poke(SectionKind::kSampleLengths, 0, '\4') == Status::kBadSessionSample);
  CHECK(poke(SectionKind::kSampleItemsLow, 0, std::uint16_t{8}) == Status::kBadSessionSample);
  CHECK(poke(SectionKind::kSampleItemsLow, 2, std::uint16_t{0}) == Status::kBadSessionSample);
  CHECK(poke(SectionKind::kSampleItemsLow, 4, std::uint16_t{8}) == Status::kBadSessionSample);
}

TEST_CASE("A buffer at an odd address is refused") {
  const std::vector<std::byte> whole = bundle::write_bundle(small_shop());
  std::vector<std::byte> shifted(whole.size() + 1);
  std::copy(whole.begin(), whole.end(), shifted.begin() + 1);
  const Result<Bundle> bundle = Bundle::open(std::span(shifted).subspan(1));
  REQUIRE_FALSE(bundle.ok());
  CHECK(bundle.status() == Status::kMisaligned);
}

TEST_CASE("Sections of unknown kind are passed over, so that later versions may add some") {
  std::vector<std::byte> bytes = bundle::write_bundle(small_shop());
  layout::Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  auto* table = reinterpret_cast<layout::Section*>(bytes.data() + sizeof header);
  for (std::uint32_t i = 0; i < header.section_count; ++i) {
    if (table[i].kind == layout::SectionKind::kExperiments)
      table[i].kind = static_cast<layout::SectionKind>(9999);
  }
  sign(bytes);
  const Result<Bundle> bundle = Bundle::open(bytes);
  REQUIRE(bundle.ok());
  CHECK(bundle.value().experiments().empty());
}

TEST_CASE("Every status has its own message") {
  for (int a = 0; a <= static_cast<int>(Status::kBadPartitions); ++a) {
    CHECK(message(static_cast<Status>(a)) != "unknown status");
    for (int b = 0; b < a; ++b) {
      CHECK(message(static_cast<Status>(a)) != message(static_cast<Status>(b)));
    }
  }
}

}  // namespace
}  // namespace vitrine
