#pragma once

#include <span>
#include <vector>

namespace vitrine::stats {

/// Adjust p-values for their number and keep their order. Reject the hypotheses whose adjusted
/// p-value is below the level.

/// Keeps the probability of any false rejection below the level (Holm 1979).
[[nodiscard]] std::vector<double> holm(std::span<const double> p);

/// Keeps the expected share of false rejections below the level (Benjamini and Hochberg 1995).
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<const double> p);

/// Multiplies each p by their number; at most 1.
[[nodiscard]] std::vector<double> bonferroni(std::span<const double> p);

}  // namespace vitrine::stats
