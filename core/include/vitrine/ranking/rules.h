#pragma once

#include <cstdint>
#include <span>

#include "vitrine/ranking/filter.h"

namespace vitrine {

/// A rule of the shop: the scores of matching items are multiplied by `factor`. A factor above 1
/// boosts, a factor below 1 demotes.
struct Rule {
  std::span<const std::uint32_t> items;  // any of these, rising; empty lets all items pass
  Filter when{.available_only = false};  // and all of this
  float factor = 1.0F;                   // above 0, finite
};

/// A page that has more rules than this has a mistake. A ranking checks each rule for each item.
inline constexpr std::size_t kMaxRules = 16;

/// O(log items + categories + brands).
[[nodiscard]] bool fits(const Rule& rule, const Catalog& catalog, std::uint32_t item);

/// The product of the factors of all rules that fit `item`.
[[nodiscard]] float factor_of(std::span<const Rule> rules, const Catalog& catalog,
                              std::uint32_t item);

/// No item has a larger factor than this. At least 1.
[[nodiscard]] float largest_factor(std::span<const Rule> rules);

}  // namespace vitrine
