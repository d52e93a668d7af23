#pragma once

#include <span>

namespace vitrine::stats {

/// The test of the sample ratio: whether the numbers of units match their expected shares (Fabijan
/// et al. 2019, "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments").
struct SampleRatio {
  double chi_squared = 0.0;
  double p = 1.0;
  [[nodiscard]] bool is_mismatch(double level = 0.001) const { return p < level; }
};

/// Runs Pearson's test of `observed` units against `weights`, which must be above 0 but need not
/// add up to 1. Both have one entry for each variation, at least two.
[[nodiscard]] SampleRatio sample_ratio(std::span<const double> observed,
                                       std::span<const double> weights);

}  // namespace vitrine::stats
