#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "vitrine/ranking/ranker.h"

namespace vitrine {

// Measures of how well one list predicted the next item. Evaluations are means of them.

/// The place of `item` in `list`, from 1; 0: it is not there. O(list).
[[nodiscard]] std::uint32_t rank_in(std::span<const Ranked> list, std::uint32_t item);

/// Hit, reciprocal rank, and gain 1 / log2(1 + rank) of a target at `rank`, which is nDCG where one
/// item is relevant; zeros for rank 0.
[[nodiscard]] std::array<double, 3> next_item_values(std::uint32_t rank);

/// Gain of a relevant item at the place `i` (from 0) where several are relevant: the discount of
/// Järvelin and Kekäläinen (TOIS 2002, b = 2), which does not lower the second place. Published
/// results on all later items (session-rec, Serenade) are by it.
[[nodiscard]] double later_gain(std::size_t i);

}  // namespace vitrine
