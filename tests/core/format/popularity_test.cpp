#include "vitrine/format/popularity.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>
#include <random>

#include "core/shop.h"

namespace vitrine {
namespace {

std::vector<std::byte> planes(const std::vector<std::uint16_t>& codes) {
  std::vector<std::byte> bytes;
  for (const std::uint16_t code : codes) bytes.push_back(static_cast<std::byte>(code & 0xFF));
  for (const std::uint16_t code : codes) bytes.push_back(static_cast<std::byte>(code >> 8));
  return bytes;
}

TEST_CASE("A share is a power of two, in steps of 1/2048, and never rises on the way down") {
  std::vector<std::uint16_t> codes(65536);
  std::iota(codes.rbegin(), codes.rend(), std::uint16_t{0});
  const std::vector<std::byte> bytes = planes(codes);
  const Result<Popularity> opened = Popularity::open(bytes, 65536);
  REQUIRE(opened.ok());
  const Popularity& popularity = opened.value();
  const std::vector<std::uint32_t> best = popularity.best(4096);
  CHECK(popularity.share(0) == 1.0F);
  CHECK(popularity.share(65535) == 0.0F);
  float before = 1.0F;
  for (std::uint32_t item = 1; item < 65535; ++item) {
    const float share = popularity.share(item);
    REQUIRE(share < before);
    REQUIRE(std::abs(std::log2(static_cast<double>(share)) + item / 2048.0) < 1e-6);
    if (item < best.size()) REQUIRE(best[item] == item);
    before = share;
  }
}

TEST_CASE("No item of a part is better known than the part is said to be") {
  std::mt19937 random(9);
  std::vector<std::uint16_t> codes(1000);
  for (std::uint16_t& code : codes) code = static_cast<std::uint16_t>(random());
  for (std::size_t i = 200; i < 500; ++i) codes[i] = 0;
  const std::vector<std::byte> bytes = planes(codes);
  const Result<Popularity> opened = Popularity::open(bytes, 1000);
  REQUIRE(opened.ok());
  const Popularity& popularity = opened.value();
  for (std::uint32_t round = 0; round < 2000; ++round) {
    const auto first = static_cast<std::uint32_t>(random() % 1000);
    const auto count = static_cast<std::uint32_t>(1 + random() % (1000 - first));
    float largest = 0.0F;
    for (std::uint32_t item = first; item < first + count; ++item) {
      largest = std::max(largest, popularity.share(item));
    }
    const float most = popularity.most(first, count);
    CHECK(most >= largest);
    if (largest > 0.0F) CHECK(most * 0.9F < largest);
  }
}

TEST_CASE("The order is by falling share, of equal ones by number") {
  std::mt19937 random(3);
  for (const std::uint32_t count : {1U, 2U, 300U, 70000U}) {
    std::vector<std::uint16_t> codes;
    for (std::uint32_t i = 0; i < count; ++i) {
      codes.push_back(static_cast<std::uint16_t>(random() % (i % 3 == 0 ? 5 : 65536)));
    }
    codes[count / 2] = 0xFFFF;
    const std::vector<std::byte> bytes = planes(codes);
    const Result<Popularity> opened = Popularity::open(bytes, count);
    REQUIRE(opened.ok());
    std::vector<std::uint32_t> expected(count);
    std::iota(expected.begin(), expected.end(), 0U);
    std::sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
      return codes[a] != codes[b] ? codes[a] > codes[b] : a < b;
    });
    for (const std::uint32_t wanted : {1U, 4096U, count}) {
      const std::vector<std::uint32_t> best = opened.value().best(wanted);
      REQUIRE(best.size() >= std::min(count, wanted));
      CHECK(std::equal(best.begin(), best.end(), expected.begin()));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i == 0) continue;
      REQUIRE(opened.value().before(expected[i - 1], expected[i]));
      REQUIRE_FALSE(opened.value().before(expected[i], expected[i - 1]));
    }
  }
}

TEST_CASE("Either one item has the share of the best, or none was seen") {
  const auto status = [](const std::vector<std::uint16_t>& codes) {
    const auto bytes = planes(codes);
    const auto opened = Popularity::open(bytes, static_cast<std::uint32_t>(codes.size()));
    return opened.ok() ? opened.value().verify() : opened.status();
  };
  CHECK(status({0, 0, 0}) == Status::kOk);
  CHECK(status({1, 65535, 0}) == Status::kOk);
  CHECK(status({1, 65534, 0}) == Status::kBadPopularity);
  const std::vector<std::byte> odd(5);
  CHECK(Popularity::open(odd, 3).status() == Status::kBadSectionSize);
}

TEST_CASE("Written popularity keeps the order of the best-known and nearly all of the others") {
  bundle::BundleContents contents;
  for (int i = 0; i < 3000; ++i) {
    contents.ids.push_back(std::to_string(i));
    contents.popularity.push_back(std::pow(i + 1.0, -0.8));
  }
  contents.settings = testing::small_shop().settings;
  const testing::OpenBundle shop(contents);
  const Popularity& popularity = shop.bundle.popularity();
  const std::vector<std::uint32_t> best = popularity.best(500);
  for (std::uint32_t i = 0; i < 3000; ++i) {
    if (i < 500) REQUIRE(best[i] == i);
    const double off = static_cast<double>(popularity.share(i)) / contents.popularity[i];
    REQUIRE((off > (i < 1024 ? 0.9998 : 0.916) && off < 1.0002));
    if (i > 0) REQUIRE(popularity.share(i) <= popularity.share(i - 1));
  }
}

}  // namespace
}  // namespace vitrine
