#include "vitrine/ranking/dot.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <limits>
#include <random>
#include <vector>

#include "vitrine/format/bundle.h"

namespace vitrine {
namespace {

/// Rows, a query and factors for one scan.
struct Case {
  std::size_t stride;
  std::size_t count;
  std::vector<std::int8_t> rows;
  std::vector<std::int8_t> query;
  std::vector<std::uint16_t> factors;

  Case(std::size_t stride_, std::size_t count_)
      : stride(stride_), count(count_), rows(count_ * stride_), query(stride_), factors(count_) {}
};

using Hits = std::vector<std::pair<std::uint32_t, std::int32_t>>;

Hits scan(const DotKernels& kernels, const Case& c, float bound) {
  std::vector<DotHit> hits(c.count);
  hits.resize(kernels.scan(c.rows.data(), c.count, c.stride, c.query.data(), c.factors.data(),
                           bound, hits.data()));
  Hits result;
  for (const DotHit& hit : hits) result.emplace_back(hit.row, hit.dot);
  return result;
}

/// At bounds of which some are the very score of a row, where >= and > differ.
void check_same_scans(const Case& c) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> bounds = {-kInfinity, -1.0F, 0.0F, kInfinity};
  for (std::size_t r = 0; r < c.count; r += 1 + c.count / 5) {
    const std::int32_t product =
        kDotScalar.dot(c.rows.data() + r * c.stride, c.query.data(), c.stride);
    const float score = static_cast<float>(product) * widen(c.factors[r]);
    bounds.push_back(score);
    bounds.push_back(std::nextafter(score, kInfinity));
  }
  for (const float bound : bounds) {
    CHECK(scan(dot_kernels(), c, bound) == scan(kDotScalar, c, bound));
  }
}

TEST_CASE("The kernels of this machine give exactly the scalar numbers, at any shape") {
  std::mt19937 random(3);
  const std::size_t stride = GENERATE(16, 32, 48, 64, 80, 128, 256);
  const std::size_t count = GENERATE(0, 1, 2, 3, 4, 5, 6, 7, 8, 63, 256, 257);
  Case c(stride, count);
  for (std::int8_t& code : c.rows) code = static_cast<std::int8_t>(random());
  for (std::int8_t& code : c.query) code = static_cast<std::int8_t>(random());
  // Halves of f32 from tiny to 2, zero among them.
  for (std::uint16_t& half : c.factors) {
    half = random() % 9 == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(random() % 0x4000);
  }
  for (std::size_t r = 0; r < count; ++r) {
    const std::int8_t* row = c.rows.data() + r * stride;
    CHECK(dot_kernels().dot(row, c.query.data(), stride) ==
          kDotScalar.dot(row, c.query.data(), stride));
  }
  check_same_scans(c);
}

TEST_CASE("The extreme codes do not overflow") {
  for (const auto& [row, query] : {std::pair{-128, -128}, {-128, 127}, {127, 127}, {-127, 127}}) {
    Case c(256, 9);
    c.rows.assign(c.rows.size(), static_cast<std::int8_t>(row));
    c.query.assign(c.query.size(), static_cast<std::int8_t>(query));
    c.factors.assign(c.factors.size(), 0x3F80);  // 1
    CHECK(dot_kernels().dot(c.rows.data(), c.query.data(), 256) == 256 * row * query);
    check_same_scans(c);
    c.factors.assign(c.factors.size(), 0x7F7F);  // so large that products are infinite
    check_same_scans(c);
  }
}

TEST_CASE("A scan reads no factor and no row beyond the last") {
  // Sanitizers watch the ends of these.
  for (std::size_t count = 1; count < 9; ++count) {
    Case c(64, count);
    c.rows.shrink_to_fit();
    c.factors.shrink_to_fit();
    check_same_scans(c);
  }
}

}  // namespace
}  // namespace vitrine
