#include "vitrine/dot.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <random>
#include <vector>

namespace vitrine {
namespace {

TEST_CASE("The kernel of this machine gives exactly the scalar numbers") {
  std::mt19937 random(3);
  const std::size_t stride = GENERATE(16, 32, 48, 64, 128, 256);
  const std::size_t count = GENERATE(0, 1, 2, 7, 256, 257);
  std::vector<std::int8_t> rows(count * stride);
  std::vector<std::int8_t> query(stride);
  for (std::int8_t& code : rows) code = static_cast<std::int8_t>(random());
  for (std::int8_t& code : query) code = static_cast<std::int8_t>(random());
  std::vector<std::int32_t> expected(count);
  std::vector<std::int32_t> actual(count);
  dot_rows_scalar(rows.data(), count, stride, query.data(), expected.data());
  dot_rows()(rows.data(), count, stride, query.data(), actual.data());
  CHECK(actual == expected);
}

TEST_CASE("The extreme codes do not overflow") {
  const std::vector<std::int8_t> rows(256, -128);
  std::int32_t sum = 0;
  dot_rows()(rows.data(), 1, 256, rows.data(), &sum);
  CHECK(sum == 256 * 128 * 128);
}

}  // namespace
}  // namespace vitrine
