#include "vitrine/ranking/accuracy.h"

#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace vitrine {
namespace {

TEST_CASE("An item's rank is its place from one, and zero where the list lacks it") {
  std::vector<Ranked> list(3);
  for (std::uint32_t i = 0; i < 3; ++i) list[i].item = 10 + i;
  CHECK(rank_in(list, 10) == 1);
  CHECK(rank_in(list, 12) == 3);
  CHECK(rank_in(list, 13) == 0);
  CHECK(rank_in({}, 10) == 0);
}

TEST_CASE("A hit counts one, its reciprocal rank, and its discounted gain") {
  CHECK(next_item_values(0) == std::array<double, 3>{0.0, 0.0, 0.0});
  CHECK(next_item_values(1) == std::array<double, 3>{1.0, 1.0, 1.0});
  const auto third = next_item_values(3);
  CHECK(third[1] == Catch::Approx(1.0 / 3.0));
  CHECK(third[2] == Catch::Approx(0.5));
}

TEST_CASE("Later gains are not discounted before the third place") {
  CHECK(later_gain(0) == 1.0);
  CHECK(later_gain(1) == 1.0);
  CHECK(later_gain(3) == Catch::Approx(0.5));
}

}  // namespace
}  // namespace vitrine
