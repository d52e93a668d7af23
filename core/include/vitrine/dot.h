#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine {

/// out[r] = sum over d of rows[r * stride + d] * query[d], exact in int32.
/// stride is a multiple of 16, at most layout::kMaxDims; rows and query hold what that implies.
using DotRows = void (*)(const std::int8_t* rows, std::size_t count, std::size_t stride,
                         const std::int8_t* query, std::int32_t* out);

/// The definition. All variants return the same numbers.
void dot_rows_scalar(const std::int8_t* rows, std::size_t count, std::size_t stride,
                     const std::int8_t* query, std::int32_t* out);
void dot_rows_simd128(const std::int8_t* rows, std::size_t count, std::size_t stride,
                      const std::int8_t* query, std::int32_t* out);
void dot_rows_avx2(const std::int8_t* rows, std::size_t count, std::size_t stride,
                   const std::int8_t* query, std::int32_t* out);

/// The fastest variant that this machine runs.
[[nodiscard]] DotRows dot_rows();

}  // namespace vitrine
