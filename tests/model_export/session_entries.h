#pragma once

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "model/session_entry.h"

namespace vitrine {

struct ExpectedEntry {
  std::uint32_t source;
  std::uint32_t target;
  double weight;
};

/// Requires the very entries, in order, and their weights but for rounding.
inline void check(const std::vector<model::SessionEntry>& rows,
                  const std::vector<ExpectedEntry>& expected) {
  REQUIRE(rows.size() == expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO(i << ": " << rows[i].source << " -> " << rows[i].target);
    CHECK(rows[i].source == expected[i].source);
    CHECK(rows[i].target == expected[i].target);
    CHECK(std::abs(static_cast<double>(rows[i].weight) - expected[i].weight) < 1e-6);
  }
}

}  // namespace vitrine
