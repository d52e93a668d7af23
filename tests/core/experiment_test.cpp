#include "vitrine/experiment.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vitrine {
namespace {

std::u16string utf16(const std::string& utf8) {
  std::u16string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t point = more == 0 ? lead : lead & (0x3FU >> more);
    for (std::size_t k = 1; k <= more; ++k)
      point = point << 6U | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
    i += more + 1;
    if (point >= 0x10000) {
      out += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10U));
      out += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FFU));
    } else {
      out += static_cast<char16_t>(point);
    }
  }
  return out;
}

TEST_CASE("The hash takes UTF-16 code units, not UTF-8 bytes") {
  CHECK(bucket(u"seed", u"\u00E9", 2) == 0.8663);
}

TEST_CASE("An unknown hash version assigns nobody") {
  CHECK_FALSE(bucket(u"seed", u"1", 3).has_value());
  CHECK_FALSE(bucket(u"seed", u"1", 0).has_value());
}

TEST_CASE("Weights that do not add up are replaced by equal ones") {
  std::vector<BucketRange> ranges(2);
  const double weights[] = {0.4, 0.1};
  bucket_ranges(1.0, weights, ranges);
  CHECK(ranges[0].end == 0.5);
  CHECK(ranges[1].end == 1.0);
}

TEST_CASE("The published GrowthBook cases are answered") {
  const std::string path = std::string(VITRINE_SHARED_DIR) + "/vectors/growthbook/cases.json";
  std::ifstream file(path);
  if (!file) SKIP("no " << path << ": the published cases are not here");
  const nlohmann::json cases = nlohmann::json::parse(file);
  for (const auto& c : cases["hash"]) {
    const auto n = bucket(utf16(c[0]), utf16(c[1]), c[2]);
    INFO(c.dump());
    if (c[3].is_null()) {
      CHECK_FALSE(n.has_value());
    } else {
      CHECK(n == c[3].get<double>());
    }
  }
  for (const auto& c : cases["getBucketRange"]) {
    INFO(c.dump());
    std::vector<double> weights;
    if (c[1][2].is_array()) weights = c[1][2].get<std::vector<double>>();
    std::vector<BucketRange> ranges(c[1][0].get<std::size_t>());
    bucket_ranges(c[1][1], weights, ranges);
    REQUIRE(c[2].size() == ranges.size());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      CHECK(std::abs(ranges[i].start - c[2][i][0].get<double>()) < 1e-9);
      CHECK(std::abs(ranges[i].end - c[2][i][1].get<double>()) < 1e-9);
    }
  }
  for (const auto& c : cases["chooseVariation"]) {
    INFO(c.dump());
    std::vector<BucketRange> ranges;
    for (const auto& range : c[2]) ranges.push_back({range[0], range[1]});
    CHECK(choose_variation(c[1], ranges) == c[3].get<int>());
  }
  for (const auto& c : cases["inNamespace"]) {
    INFO(c.dump());
    CHECK(in_namespace(utf16(c[1]), utf16(c[2][0]), c[2][1], c[2][2]) == c[3].get<bool>());
  }
}

}  // namespace
}  // namespace vitrine
