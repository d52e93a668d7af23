#include <wasm_simd128.h>

#include <bit>

#include "vitrine/bundle_layout.h"
#include "vitrine/dot.h"

namespace vitrine {
namespace {

/// Adds the products of 16 codes, the query's already widened: 8-bit products fit into 15 bits, so
/// that the pairwise 16-bit dot is exact.
v128_t add_products(v128_t sum, const std::int8_t* row, v128_t low, v128_t high) {
  sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_i16x8_load8x8(row), low));
  return wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_i16x8_load8x8(row + 8), high));
}

/// The sums of the lanes of each, side by side.
v128_t sums_of(v128_t a, v128_t b, v128_t c, v128_t d) {
  const v128_t ab =
      wasm_i32x4_add(wasm_i32x4_shuffle(a, b, 0, 1, 4, 5), wasm_i32x4_shuffle(a, b, 2, 3, 6, 7));
  const v128_t cd =
      wasm_i32x4_add(wasm_i32x4_shuffle(c, d, 0, 1, 4, 5), wasm_i32x4_shuffle(c, d, 2, 3, 6, 7));
  return wasm_i32x4_add(wasm_i32x4_shuffle(ab, cd, 0, 2, 4, 6),
                        wasm_i32x4_shuffle(ab, cd, 1, 3, 5, 7));
}

[[gnu::noinline]] std::int32_t dot(const std::int8_t* a, const std::int8_t* b, std::size_t stride) {
  v128_t sum = wasm_i32x4_const_splat(0);
  for (std::size_t d = 0; d < stride; d += 16) {
    sum = add_products(sum, a + d, wasm_i16x8_load8x8(b + d), wasm_i16x8_load8x8(b + d + 8));
  }
  sum = wasm_i32x4_add(sum, wasm_i32x4_shuffle(sum, sum, 2, 3, 0, 1));
  return wasm_i32x4_extract_lane(sum, 0) + wasm_i32x4_extract_lane(sum, 1);
}

/// Four rows at a time: their sums end up in one register and are compared with the bound there.
/// kStride 0 reads the stride from `given`; a known one keeps the widened query in registers.
template <std::size_t kStride>
std::size_t scan_rows(const std::int8_t* rows, std::size_t count, std::size_t given,
                      const v128_t* query, const std::uint16_t* factors, float bound,
                      DotHit* hits) {
  const std::size_t stride = kStride > 0 ? kStride : given;
  const v128_t least = wasm_f32x4_splat(bound);
  std::size_t found = 0;
  const auto products = [&](const std::int8_t* a, const std::int8_t* b, const std::int8_t* c,
                            const std::int8_t* d) {
    v128_t sums[4] = {};
    for (std::size_t at = 0; at < stride; at += 16) {
      const v128_t low = query[at / 8];
      const v128_t high = query[at / 8 + 1];
      sums[0] = add_products(sums[0], a + at, low, high);
      sums[1] = add_products(sums[1], b + at, low, high);
      sums[2] = add_products(sums[2], c + at, low, high);
      sums[3] = add_products(sums[3], d + at, low, high);
    }
    return sums_of(sums[0], sums[1], sums[2], sums[3]);
  };
  const auto compare = [&](v128_t dots, v128_t halves) {
    const v128_t factor = wasm_i32x4_shl(wasm_u32x4_extend_low_u16x8(halves), 16);
    return wasm_f32x4_ge(wasm_f32x4_mul(wasm_f32x4_convert_i32x4(dots), factor), least);
  };
  const auto keep = [&](std::size_t first, v128_t dots, std::uint32_t mask) {
    std::int32_t lanes[4];
    wasm_v128_store(lanes, dots);
    for (; mask != 0; mask &= mask - 1) {
      const auto lane = static_cast<std::size_t>(std::countr_zero(mask));
      hits[found++] = {.row = static_cast<std::uint32_t>(first + lane), .dot = lanes[lane]};
    }
  };
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4, rows += 4 * stride) {
    const v128_t dots = products(rows, rows + stride, rows + 2 * stride, rows + 3 * stride);
    const v128_t over = compare(dots, wasm_v128_load64_zero(factors + r));
    if (wasm_v128_any_true(over)) keep(r, dots, wasm_i32x4_bitmask(over));
  }
  if (r < count) {  // what is left, the last row in place of those that are not there
    const std::size_t last = count - r - 1;
    const auto row = [&](std::size_t lane) { return rows + (lane < last ? lane : last) * stride; };
    std::uint16_t halves[4] = {};
    for (std::size_t lane = 0; lane <= last; ++lane) halves[lane] = factors[r + lane];
    const v128_t dots = products(row(0), row(1), row(2), row(3));
    const v128_t over = compare(dots, wasm_v128_load64_zero(halves));
    keep(r, dots, wasm_i32x4_bitmask(over) & ((2U << last) - 1U));
  }
  return found;
}

std::size_t scan(const std::int8_t* rows, std::size_t count, std::size_t stride,
                 const std::int8_t* query, const std::uint16_t* factors, float bound,
                 DotHit* hits) {
  v128_t wide[layout::kMaxDims / 8];
  for (std::size_t d = 0; d < stride; d += 8) wide[d / 8] = wasm_i16x8_load8x8(query + d);
  if (stride == 64) return scan_rows<64>(rows, count, stride, wide, factors, bound, hits);
  return scan_rows<0>(rows, count, stride, wide, factors, bound, hits);
}

}  // namespace

const DotKernels kDotSimd128{.dot = dot, .scan = scan};

}  // namespace vitrine
