// A module of its own, in a section of vitrine.wasm that browsers without relaxed SIMD do not look
// at. It has that wasm's memory and nothing else; js/src/ranking/wasm_exports.ts joins the two.
#include "ranking/scan_fours.h"

namespace {

/// The query's codes as the instruction wants them, 7 bits without a sign.
struct Codes {
  v128_t sign;  // all ones where a code is negative
  v128_t size;
};

Codes codes_of(const std::int8_t* query) {
  const v128_t codes = wasm_v128_load(query);
  return {.sign = wasm_i8x16_shr(codes, 7), .size = wasm_i8x16_abs(codes)};
}

/// Adds the products of 16 codes, the signs of the query's moved over to the row's; but for
/// negative ones it is ~x that is multiplied, which is -x - 1. Sums of two products fit into the 16
/// bits in which the instruction has them: 2 * 128 * 127.
v128_t add_products(v128_t sum, v128_t row, const Codes& query) {
  return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(wasm_v128_xor(row, query.sign), query.size, sum);
}

}  // namespace

/// A vitrine::DotScan. Preconditions: count is 4 at least, and no code of the query is -128.
extern "C" [[clang::export_name("scan")]] std::size_t scan(const std::int8_t* rows,
                                                           std::size_t count, std::size_t stride,
                                                           const std::int8_t* query,
                                                           const std::uint16_t* factors,
                                                           float bound, vitrine::DotHit* hits) {
  // The product of a row of zeros, from which sums start.
  v128_t missing = wasm_i32x4_const_splat(0);
  for (std::size_t at = 0; at < stride; at += 16) {
    missing = add_products(missing, wasm_i32x4_const_splat(0), codes_of(query + at));
  }
  const v128_t start = wasm_i32x4_neg(missing);
  return vitrine::scan_fours(
      rows, count, stride, factors, bound, hits, [&](const std::int8_t* row) {
        v128_t sums[4] = {start, start, start, start};
        for (std::size_t at = 0; at < stride; at += 16) {
          const Codes codes = codes_of(query + at);
          for (std::size_t r = 0; r < 4; ++r) {
            sums[r] = add_products(sums[r], wasm_v128_load(row + r * stride + at), codes);
          }
        }
        return vitrine::sums_of(sums[0], sums[1], sums[2], sums[3]);
      });
}
