#include <wasm_simd128.h>

#include "vitrine/dot.h"

namespace vitrine {

void dot_rows_simd128(const std::int8_t* rows, std::size_t count, std::size_t stride,
                      const std::int8_t* query, std::int32_t* out) {
  for (std::size_t r = 0; r < count; ++r, rows += stride) {
    v128_t sum = wasm_i32x4_const(0, 0, 0, 0);
    for (std::size_t d = 0; d < stride; d += 16) {
      const v128_t row = wasm_v128_load(rows + d);
      const v128_t q = wasm_v128_load(query + d);
      // 8-bit products fit into 15 bits, so the pairwise 16-bit dot is exact.
      sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_i16x8_extend_low_i8x16(row),
                                                     wasm_i16x8_extend_low_i8x16(q)));
      sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_i16x8_extend_high_i8x16(row),
                                                     wasm_i16x8_extend_high_i8x16(q)));
    }
    out[r] = wasm_i32x4_extract_lane(sum, 0) + wasm_i32x4_extract_lane(sum, 1) +
             wasm_i32x4_extract_lane(sum, 2) + wasm_i32x4_extract_lane(sum, 3);
  }
}

}  // namespace vitrine
