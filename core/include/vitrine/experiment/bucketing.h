#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace vitrine {

/// Assignment as in GrowthBook's SDKs (specification 0.8.0), so that a shop can move running
/// experiments. All text is UTF-16: the hash uses complete code units, as JavaScript does, not
/// UTF-8 bytes.

/// Computes FNV-1a with 32 bits over UTF-16 code units; each unit is XORed as a whole.
[[nodiscard]] std::uint32_t fnv1a32(std::u16string_view text);

/// Hashes `value` with `seed` to [0, 1), in steps of 1/10000 for version 2 and 1/1000 for version
/// 1. Returns nothing for any other version.
[[nodiscard]] std::optional<double> bucket(std::u16string_view seed, std::u16string_view value,
                                           int version);

/// The half-open range of buckets that get one variation.
struct BucketRange {
  double start = 0.0;
  double end = 0.0;
};

/// Computes one range for each variation. `coverage` is limited to [0, 1]. `weights` are replaced
/// by equal ones when their number is not out.size() or their sum is outside 0.99 .. 1.01.
void bucket_ranges(double coverage, std::span<const double> weights, std::span<BucketRange> out);

/// Returns the first range that contains `bucket`, or -1.
[[nodiscard]] int choose_variation(double bucket, std::span<const BucketRange> ranges);

/// Returns the place of `value` in [0, 1) under the name of a namespace, in steps of 1/1000.
[[nodiscard]] double namespace_bucket(std::u16string_view value, std::u16string_view namespace_id);

/// Returns true when the hash of `value` lies in the range [start, end) of a namespace. Experiments
/// with separate ranges share no units.
[[nodiscard]] bool in_namespace(std::u16string_view value, std::u16string_view namespace_id,
                                double start, double end);

}  // namespace vitrine
