#include "vitrine/ranking/accuracy.h"

#include <algorithm>
#include <cmath>

namespace vitrine {

std::uint32_t rank_in(std::span<const Ranked> list, std::uint32_t item) {
  const auto at = std::find_if(list.begin(), list.end(),
                               [item](const Ranked& ranked) { return ranked.item == item; });
  return at == list.end() ? 0 : static_cast<std::uint32_t>(at - list.begin()) + 1;
}

std::array<double, 3> next_item_values(std::uint32_t rank) {
  if (rank == 0) return {0.0, 0.0, 0.0};
  return {1.0, 1.0 / rank, 1.0 / std::log2(1.0 + rank)};
}

double later_gain(std::size_t i) {
  return i == 0 ? 1.0 : 1.0 / std::log2(static_cast<double>(i) + 1.0);
}

}  // namespace vitrine
