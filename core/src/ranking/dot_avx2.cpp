#include <immintrin.h>

#include <bit>

#include "vitrine/format/bundle_layout.h"
#include "vitrine/ranking/dot.h"

namespace vitrine {
namespace {

__m256i widened(const std::int8_t* codes) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes)));
}

/// 8-bit products fit into 15 bits, so that the pairwise 16-bit dot is exact.
__m256i add_products(__m256i sum, const std::int8_t* row, __m256i query) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(widened(row), query));
}

std::int32_t dot(const std::int8_t* a, const std::int8_t* b, std::size_t stride) {
  __m256i sum = _mm256_setzero_si256();
  for (std::size_t d = 0; d < stride; d += 16) sum = add_products(sum, a + d, widened(b + d));
  const __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  const __m128i quarter = _mm_add_epi32(half, _mm_unpackhi_epi64(half, half));
  return _mm_cvtsi128_si32(quarter) + _mm_extract_epi32(quarter, 1);
}

/// Four rows at a time: their sums end up in one register and are compared with the bound there.
std::size_t scan(const std::int8_t* rows, std::size_t count, std::size_t stride,
                 const std::int8_t* query, const std::uint16_t* factors, float bound,
                 DotHit* hits) {
  __m256i wide[layout::kMaxDims / 16];
  for (std::size_t d = 0; d < stride; d += 16) wide[d / 16] = widened(query + d);
  const __m128 least = _mm_set1_ps(bound);
  std::size_t found = 0;
  const auto products = [&](const std::int8_t* a, const std::int8_t* b, const std::int8_t* c,
                            const std::int8_t* d) {
    __m256i sums[4] = {};
    for (std::size_t at = 0; at < stride; at += 16) {
      const __m256i q = wide[at / 16];
      sums[0] = add_products(sums[0], a + at, q);
      sums[1] = add_products(sums[1], b + at, q);
      sums[2] = add_products(sums[2], c + at, q);
      sums[3] = add_products(sums[3], d + at, q);
    }
    const __m256i all =
        _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[1]), _mm256_hadd_epi32(sums[2], sums[3]));
    return _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
  };
  const auto compare = [&](__m128i dots, const std::uint16_t* halves) {
    const __m128i wider =
        _mm_cvtepu16_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(halves)));
    const __m128 factor = _mm_castsi128_ps(_mm_slli_epi32(wider, 16));
    const __m128 scores = _mm_mul_ps(_mm_cvtepi32_ps(dots), factor);
    return static_cast<unsigned>(_mm_movemask_ps(_mm_cmpge_ps(scores, least)));
  };
  const auto keep = [&](std::size_t first, __m128i dots, unsigned mask) {
    std::int32_t lanes[4];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(lanes), dots);
    for (; mask != 0; mask &= mask - 1) {
      const auto lane = static_cast<std::size_t>(std::countr_zero(mask));
      hits[found++] = {.row = static_cast<std::uint32_t>(first + lane), .dot = lanes[lane]};
    }
  };
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4, rows += 4 * stride) {
    const __m128i dots = products(rows, rows + stride, rows + 2 * stride, rows + 3 * stride);
    const unsigned over = compare(dots, factors + r);
    if (over != 0) keep(r, dots, over);
  }
  if (r < count) {  // what is left, the last row in place of those that are not there
    const std::size_t last = count - r - 1;
    const auto row = [&](std::size_t lane) { return rows + (lane < last ? lane : last) * stride; };
    std::uint16_t halves[4] = {};
    for (std::size_t lane = 0; lane <= last; ++lane) halves[lane] = factors[r + lane];
    const __m128i dots = products(row(0), row(1), row(2), row(3));
    keep(r, dots, compare(dots, halves) & ((2U << last) - 1U));
  }
  return found;
}

}  // namespace

const DotKernels kDotAvx2{.dot = dot, .scan = scan};

}  // namespace vitrine
