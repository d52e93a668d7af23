#include "vitrine/experiment/bucketing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace vitrine {
namespace {

constexpr std::uint32_t kOffset = 0x811c9dc5U;
constexpr std::uint32_t kPrime = 0x01000193U;

std::uint32_t extend(std::uint32_t hash, std::u16string_view text) {
  for (const char16_t unit : text) hash = (hash ^ unit) * kPrime;
  return hash;
}

/// Returns the hash of the decimal digits of `number`, which version 2 needs.
std::uint32_t hash_of_decimal(std::uint32_t number) {
  std::array<char16_t, 10> digits;
  std::size_t at = digits.size();
  do {
    digits[--at] = static_cast<char16_t>(u'0' + number % 10);
    number /= 10;
  } while (number != 0);
  return extend(kOffset, {digits.data() + at, digits.size() - at});
}

}  // namespace

std::uint32_t fnv1a32(std::u16string_view text) { return extend(kOffset, text); }

std::optional<double> bucket(std::u16string_view seed, std::u16string_view value, int version) {
  if (version == 2) {
    const std::uint32_t inner = extend(extend(kOffset, seed), value);
    return static_cast<double>(hash_of_decimal(inner) % 10000) / 10000.0;
  }
  if (version == 1) {
    return static_cast<double>(extend(extend(kOffset, value), seed) % 1000) / 1000.0;
  }
  return std::nullopt;
}

void bucket_ranges(double coverage, std::span<const double> weights, std::span<BucketRange> out) {
  coverage = std::isnan(coverage) ? 0.0 : std::clamp(coverage, 0.0, 1.0);
  double sum = 0.0;
  for (const double weight : weights) sum += weight;
  const bool usable = weights.size() == out.size() && sum >= 0.99 && sum <= 1.01;
  double start = 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double weight = usable ? weights[i] : 1.0 / static_cast<double>(out.size());
    out[i] = {.start = start, .end = start + coverage * weight};
    start += weight;
  }
}

int choose_variation(double bucket, std::span<const BucketRange> ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (bucket >= ranges[i].start && bucket < ranges[i].end) return static_cast<int>(i);
  }
  return -1;
}

double namespace_bucket(std::u16string_view value, std::u16string_view namespace_id) {
  const std::uint32_t hash = extend(extend(extend(kOffset, value), u"__"), namespace_id);
  return static_cast<double>(hash % 1000) / 1000.0;
}

bool in_namespace(std::u16string_view value, std::u16string_view namespace_id, double start,
                  double end) {
  const double place = namespace_bucket(value, namespace_id);
  return place >= start && place < end;
}

}  // namespace vitrine
