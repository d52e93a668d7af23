#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine {

/// A row whose product with the query is large enough.
struct DotHit {
  std::uint32_t row;
  std::int32_t dot;
  bool operator==(const DotHit&) const = default;
};

/// Writes to `hits` the rows r, rising, with
///     float(dot(rows + r * stride, query)) * widen(factors[r]) >= bound
/// in f32 arithmetic, and returns how many. `hits` holds `count`. Reads factors[r] for r < count.
using DotScan = std::size_t(const std::int8_t* rows, std::size_t count, std::size_t stride,
                            const std::int8_t* query, const std::uint16_t* factors, float bound,
                            DotHit* hits);

/// Products of int8 rows, exact in int32. `stride` is a multiple of 16, at most layout::kMaxDims;
/// rows and query hold what that implies.
struct DotKernels {
  /// The sum over d of a[d] * b[d].
  std::int32_t (*dot)(const std::int8_t* a, const std::int8_t* b, std::size_t stride);

  DotScan* scan;
};

/// The definition. All variants return the same numbers.
extern const DotKernels kDotScalar;
extern const DotKernels kDotSimd128;
extern const DotKernels kDotAvx2;

/// The fastest variant that this machine runs.
[[nodiscard]] const DotKernels& dot_kernels();

/// wasm alone: the scan of kDotSimd128 goes through `relaxed` from now on, that of
/// wasm/ranking/relaxed_scan.cpp where a browser has relaxed SIMD, which is faster on processors
/// with products of bytes. Returns false, and changes nothing, when `relaxed` gives other numbers,
/// as some early compilers of these instructions make it.
bool use_relaxed_scan(DotScan* relaxed);

}  // namespace vitrine
