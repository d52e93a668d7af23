#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine {

/// A row whose product with the query is large enough.
struct DotHit {
  std::uint32_t row;
  std::int32_t dot;
};

/// Products of int8 rows, exact in int32. `stride` is a multiple of 16, at most layout::kMaxDims;
/// rows and query hold what that implies.
struct DotKernels {
  /// The sum over d of a[d] * b[d].
  std::int32_t (*dot)(const std::int8_t* a, const std::int8_t* b, std::size_t stride);

  /// Writes to `hits` the rows r, rising, with
  ///     float(dot(rows + r * stride, query)) * widen(factors[r]) >= bound
  /// in f32 arithmetic, and returns how many. `hits` holds `count`. Reads factors[r] for r < count.
  std::size_t (*scan)(const std::int8_t* rows, std::size_t count, std::size_t stride,
                      const std::int8_t* query, const std::uint16_t* factors, float bound,
                      DotHit* hits);
};

/// The definition. All variants return the same numbers.
extern const DotKernels kDotScalar;
extern const DotKernels kDotSimd128;
extern const DotKernels kDotAvx2;

/// The fastest variant that this machine runs.
[[nodiscard]] const DotKernels& dot_kernels();

}  // namespace vitrine
