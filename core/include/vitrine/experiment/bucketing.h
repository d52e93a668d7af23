#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace vitrine {

/// Assignment as GrowthBook SDKs do it (spec 0.8.0), so that a shop can move running experiments.
/// All text is UTF-16: the hash takes whole code units, as JavaScript does, not UTF-8 bytes.

/// FNV-1a over UTF-16 code units, 32 bit, each unit XORed whole.
[[nodiscard]] std::uint32_t fnv1a32(std::u16string_view text);

/// Where `value` falls in [0, 1) under `seed`. Version 2 in steps of 1/10000, version 1 of 1/1000;
/// nothing for any other version.
[[nodiscard]] std::optional<double> bucket(std::u16string_view seed, std::u16string_view value,
                                           int version);

/// The half-open range of buckets that get one variation.
struct BucketRange {
  double start = 0.0;
  double end = 0.0;
};

/// One range per variation. `coverage` is cut to [0, 1]; `weights` are replaced by equal ones when
/// their number is not out.size() or their sum is outside 0.99 .. 1.01.
void bucket_ranges(double coverage, std::span<const double> weights, std::span<BucketRange> out);

/// The first range that holds `bucket`, or -1.
[[nodiscard]] int choose_variation(double bucket, std::span<const BucketRange> ranges);

/// Whether `value` lies in the part [start, end) of a namespace, which keeps experiments apart.
[[nodiscard]] bool in_namespace(std::u16string_view value, std::u16string_view namespace_id,
                                double start, double end);

}  // namespace vitrine
