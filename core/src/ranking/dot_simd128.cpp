#include <wasm_simd128.h>

#include <array>

#include "ranking/scan_fours.h"
#include "vitrine/format/bundle.h"
#include "vitrine/ranking/dot.h"

namespace vitrine {
namespace {

/// Adds the products of 16 codes, the query's already widened: 8-bit products fit into 15 bits, so
/// that the pairwise 16-bit dot is exact.
v128_t add_products(v128_t sum, const std::int8_t* row, v128_t low, v128_t high) {
  sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_i16x8_load8x8(row), low));
  return wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_i16x8_load8x8(row + 8), high));
}

[[gnu::noinline]] std::int32_t dot(const std::int8_t* a, const std::int8_t* b, std::size_t stride) {
  v128_t sum = wasm_i32x4_const_splat(0);
  for (std::size_t d = 0; d < stride; d += 16) {
    sum = add_products(sum, a + d, wasm_i16x8_load8x8(b + d), wasm_i16x8_load8x8(b + d + 8));
  }
  sum = wasm_i32x4_add(sum, wasm_i32x4_shuffle(sum, sum, 2, 3, 0, 1));
  return wasm_i32x4_extract_lane(sum, 0) + wasm_i32x4_extract_lane(sum, 1);
}

/// kStride 0 reads the stride from `given`; a known one keeps the widened query in registers.
template <std::size_t kStride>
std::size_t scan_wide(const std::int8_t* rows, std::size_t count, std::size_t given,
                      const v128_t* query, const std::uint16_t* factors, float bound,
                      DotHit* hits) {
  const std::size_t stride = kStride > 0 ? kStride : given;
  return scan_fours(rows, count, stride, factors, bound, hits, [&](const std::int8_t* row) {
    v128_t sums[4] = {};
    for (std::size_t at = 0; at < stride; at += 16) {
      const v128_t low = query[at / 8];
      const v128_t high = query[at / 8 + 1];
      sums[0] = add_products(sums[0], row + at, low, high);
      sums[1] = add_products(sums[1], row + stride + at, low, high);
      sums[2] = add_products(sums[2], row + 2 * stride + at, low, high);
      sums[3] = add_products(sums[3], row + 3 * stride + at, low, high);
    }
    return sums_of(sums[0], sums[1], sums[2], sums[3]);
  });
}

DotScan* relaxed_scan = nullptr;

/// Returns true when a code is -128, whose absolute value is not a code.
bool holds_least(const std::int8_t* codes, std::size_t count) {
  v128_t found = wasm_i8x16_const_splat(0);
  for (std::size_t d = 0; d < count; d += 16) {
    const v128_t least = wasm_i8x16_const_splat(-128);
    found = wasm_v128_or(found, wasm_i8x16_eq(wasm_v128_load(codes + d), least));
  }
  return wasm_v128_any_true(found);
}

std::size_t scan(const std::int8_t* rows, std::size_t count, std::size_t stride,
                 const std::int8_t* query, const std::uint16_t* factors, float bound,
                 DotHit* hits) {
  if (count < 4) {
    std::size_t found = 0;
    for (std::size_t r = 0; r < count; ++r) {
      const std::int32_t product = dot(rows + r * stride, query, stride);
      if (static_cast<float>(product) * widen(factors[r]) >= bound) {
        hits[found++] = {.row = static_cast<std::uint32_t>(r), .dot = product};
      }
    }
    return found;
  }
  if (relaxed_scan != nullptr && !holds_least(query, stride)) {
    return relaxed_scan(rows, count, stride, query, factors, bound, hits);
  }
  v128_t wide[layout::kMaxDims / 8];
  for (std::size_t d = 0; d < stride; d += 8) wide[d / 8] = wasm_i16x8_load8x8(query + d);
  if (stride == 64) return scan_wide<64>(rows, count, stride, wide, factors, bound, hits);
  return scan_wide<0>(rows, count, stride, wide, factors, bound, hits);
}

}  // namespace

const DotKernels kDotSimd128{.dot = dot, .scan = scan};

bool use_relaxed_scan(DotScan* relaxed) {
  constexpr std::size_t kRows = 7;
  constexpr std::size_t kStride = 64;
  std::array<std::int8_t, (kRows + 1) * kStride> codes;
  std::int32_t code = 0;
  for (std::int8_t& next : codes) {
    code = (code + 89) % 255;
    next = static_cast<std::int8_t>(code - 127);
  }
  std::array<std::uint16_t, kRows> ones;
  ones.fill(0x3F80);
  const auto hits_of = [&](DotScan* kernel) {
    std::array<DotHit, kRows> hits{};
    kernel(codes.data() + kStride, kRows, kStride, codes.data(), ones.data(), -1e9F, hits.data());
    return hits;
  };
  if (hits_of(relaxed) != hits_of(kDotSimd128.scan)) return false;
  relaxed_scan = relaxed;
  return true;
}

}  // namespace vitrine
