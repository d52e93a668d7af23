#pragma once

#include <wasm_simd128.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "vitrine/ranking/dot.h"

namespace vitrine {

/// The sums of the lanes of each, side by side.
inline v128_t sums_of(v128_t a, v128_t b, v128_t c, v128_t d) {
  const v128_t ab =
      wasm_i32x4_add(wasm_i32x4_shuffle(a, b, 0, 1, 4, 5), wasm_i32x4_shuffle(a, b, 2, 3, 6, 7));
  const v128_t cd =
      wasm_i32x4_add(wasm_i32x4_shuffle(c, d, 0, 1, 4, 5), wasm_i32x4_shuffle(c, d, 2, 3, 6, 7));
  return wasm_i32x4_add(wasm_i32x4_shuffle(ab, cd, 0, 2, 4, 6),
                        wasm_i32x4_shuffle(ab, cd, 1, 3, 5, 7));
}

/// The scan of DotKernels, four rows at a time: `products(row)` returns those of the four from
/// `row` on in one register, and they are compared with the bound there. Precondition: there are
/// four.
template <class Products>
std::size_t scan_fours(const std::int8_t* rows, std::size_t count, std::size_t stride,
                       const std::uint16_t* factors, float bound, DotHit* hits,
                       const Products& products) {
  const v128_t least = wasm_f32x4_splat(bound);
  DotHit* out = hits;
  for (std::size_t done = 0; done < count;) {
    // The last four may hold rows that were there before.
    const std::size_t first = std::min(done, count - 4);
    const v128_t dots = products(rows + first * stride);
    const v128_t factor = wasm_i32x4_shl(wasm_u32x4_load16x4(factors + first), 16);
    const v128_t over =
        wasm_f32x4_ge(wasm_f32x4_mul(wasm_f32x4_convert_i32x4(dots), factor), least);
    const std::uint32_t mask = wasm_i32x4_bitmask(over) >> (done - first) << (done - first);
    if (mask != 0) {
      const v128_t row = wasm_i32x4_add(wasm_i32x4_splat(static_cast<std::int32_t>(first)),
                                        wasm_i32x4_const(0, 1, 2, 3));
      const v128_t low = wasm_i32x4_shuffle(row, dots, 0, 4, 1, 5);
      const v128_t high = wasm_i32x4_shuffle(row, dots, 2, 6, 3, 7);
      // Each is written, and the next in its place where it is no hit.
      wasm_v128_store64_lane(out, low, 0);
      out += mask & 1U;
      wasm_v128_store64_lane(out, low, 1);
      out += mask >> 1U & 1U;
      wasm_v128_store64_lane(out, high, 0);
      out += mask >> 2U & 1U;
      wasm_v128_store64_lane(out, high, 1);
      out += mask >> 3U;
    }
    done = first + 4;
  }
  return static_cast<std::size_t>(out - hits);
}

}  // namespace vitrine
