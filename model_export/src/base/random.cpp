#include "base/random.h"

#include <algorithm>
#include <bit>

namespace vitrine::base {

namespace {

constexpr double kLn2 = 0.693147180559945309417232121458;

std::uint64_t mixed_seed(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  SplitMix by_seed(seed);
  SplitMix by_stream(by_seed.next() ^ (stream * 0xD1B54A32D192ED03ULL));
  SplitMix by_index(by_stream.next() ^ (index * 0x8CB92BA72F3D8DD7ULL));
  return by_index.next();
}

}  // namespace

double portable_exp(double x) {
  if (x < -700.0) return 0.0;
  x = std::min(x, 700.0);
  const auto halvings = static_cast<int>(x / kLn2 + (x < 0.0 ? -0.5 : 0.5));
  const double rest = x - static_cast<double>(halvings) * kLn2;
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; k <= 13; ++k) {
    term *= rest / static_cast<double>(k);
    sum += term;
  }
  const auto exponent = static_cast<std::uint64_t>(halvings + 1023) << 52U;
  return sum * std::bit_cast<double>(exponent);
}

double portable_log(double x) {
  const auto raw = std::bit_cast<std::uint64_t>(x);
  const int exponent = static_cast<int>(raw >> 52U) - 1023;
  const double mantissa =
      std::bit_cast<double>((raw & 0x000FFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  // ln m = 2 atanh((m - 1) / (m + 1)); for m in [1, 2) the argument is below 1/3.
  const double t = (mantissa - 1.0) / (mantissa + 1.0);
  const double t2 = t * t;
  double power = t;
  double sum = 0.0;
  for (int k = 1; k <= 27; k += 2) {
    sum += power / static_cast<double>(k);
    power *= t2;
  }
  return 2.0 * sum + static_cast<double>(exponent) * kLn2;
}

Random::Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t index)
    : bits_(mixed_seed(seed, stream, index)) {}

double Random::normal() {
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += uniform();
  return sum;
}

double Random::exponential(double mean) { return -mean * portable_log(1.0 - uniform()); }

unsigned Random::poisson(double mean) {
  const double limit = portable_exp(-mean);
  unsigned count = 0;
  for (double product = uniform(); product > limit; product *= uniform()) ++count;
  return count;
}

std::size_t Random::weighted(std::span<const double> weights) {
  double sum = 0.0;
  for (const double weight : weights) sum += weight;
  double left = uniform() * sum;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0.0) return i;
  }
  return weights.size() - 1;
}

std::size_t Random::cumulative(std::span<const double> sums) {
  const double at = uniform() * sums.back();
  const auto found = std::upper_bound(sums.begin(), sums.end(), at);
  return std::min(static_cast<std::size_t>(found - sums.begin()), sums.size() - 1);
}

}  // namespace vitrine::base
