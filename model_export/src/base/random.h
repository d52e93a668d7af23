#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "vitrine/split_mix.h"

namespace vitrine::base {

/// Compute e^x and ln x from additions, multiplications and divisions alone, with a relative error
/// below 1e-12. The simulated shop must have the same bytes on every machine, but the last bit of
/// std::exp and std::log depends on the C library.
[[nodiscard]] double portable_exp(double x);
[[nodiscard]] double portable_log(double x);

/// The random number generator of the simulated shop. It has its own distributions because those of
/// the standard library differ between implementations.
class Random {
 public:
  /// Generators with a different `stream` or `index` are independent of each other. So one shopper
  /// can be drawn without drawing the shoppers before.
  Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t index);

  [[nodiscard]] double uniform() { return bits_.uniform(); }
  [[nodiscard]] std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(bits_.below(bound));
  }
  [[nodiscard]] bool chance(double probability) { return uniform() < probability; }

  /// Draws a standard normal value as a sum of twelve uniform values; the tails end at six
  /// deviations.
  [[nodiscard]] double normal();

  /// Draws an exponential value with the given mean.
  [[nodiscard]] double exponential(double mean);

  /// Draws a Poisson value by multiplying uniform values (Knuth). Suitable for means up to some
  /// tens.
  [[nodiscard]] unsigned poisson(double mean);

  /// Draws an index with probability proportional to its weight. At least one weight must be
  /// positive.
  [[nodiscard]] std::size_t weighted(std::span<const double> weights);

  /// Draws an index from running sums of weights (ascending, the last one positive). O(log n).
  [[nodiscard]] std::size_t cumulative(std::span<const double> sums);

 private:
  SplitMix bits_;
};

}  // namespace vitrine::base
