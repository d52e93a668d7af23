#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "vitrine/split_mix.h"

namespace vitrine::base {

/// e^x and ln x from additions, multiplications and divisions alone, relative error below 1e-12.
/// The simulated shop must be the same bytes everywhere, and the last bit of std::exp and std::log
/// depends on the C library.
[[nodiscard]] double portable_exp(double x);
[[nodiscard]] double portable_log(double x);

/// Random numbers of the simulated shop. The distributions are our own because those of the
/// standard library differ between implementations.
class Random {
 public:
  /// Streams with different `stream` or `index` are independent of each other, so that a shopper
  /// can be drawn without drawing the ones before.
  Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t index);

  [[nodiscard]] double uniform() { return bits_.uniform(); }
  [[nodiscard]] std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(bits_.below(bound));
  }
  [[nodiscard]] bool chance(double probability) { return uniform() < probability; }

  /// Standard normal as a sum of twelve uniforms (tails end at six deviations).
  [[nodiscard]] double normal();

  /// Exponential of the given mean.
  [[nodiscard]] double exponential(double mean);

  /// Poisson by multiplying uniforms (Knuth); for means up to some tens.
  [[nodiscard]] unsigned poisson(double mean);

  /// An index with probability proportional to its weight. Some weight must be positive.
  [[nodiscard]] std::size_t weighted(std::span<const double> weights);

  /// An index drawn from running sums of weights (ascending, last one positive), O(log n).
  [[nodiscard]] std::size_t cumulative(std::span<const double> sums);

 private:
  SplitMix bits_;
};

}  // namespace vitrine::base
