#pragma once

#include <span>
#include <vector>

namespace vitrine::stats {

/// p-values adjusted for their number, in the order given: reject where one is below the level.

/// Keeps the chance of any false rejection below the level (Holm 1979).
[[nodiscard]] std::vector<double> holm(std::span<const double> p);

/// Keeps the expected share of false rejections below the level (Benjamini and Hochberg 1995).
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<const double> p);

/// p times their number, at most 1.
[[nodiscard]] std::vector<double> bonferroni(std::span<const double> p);

}  // namespace vitrine::stats
