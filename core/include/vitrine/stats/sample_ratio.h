#pragma once

#include <span>

namespace vitrine::stats {

/// Whether units came in the shares that were asked for (Fabijan et al. 2019, "Diagnosing Sample
/// Ratio Mismatch in Online Controlled Experiments").
struct SampleRatio {
  double chi_squared = 0.0;
  double p = 1.0;
  [[nodiscard]] bool is_mismatch(double level = 0.001) const { return p < level; }
};

/// Pearson's test of `observed` units against `weights`, which need not add up to 1 but must be
/// above 0. Both have one entry for each variation, at least two.
[[nodiscard]] SampleRatio sample_ratio(std::span<const double> observed,
                                       std::span<const double> weights);

}  // namespace vitrine::stats
