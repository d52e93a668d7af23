#include <immintrin.h>

#include "vitrine/dot.h"

namespace vitrine {

void dot_rows_avx2(const std::int8_t* rows, std::size_t count, std::size_t stride,
                   const std::int8_t* query, std::int32_t* out) {
  for (std::size_t r = 0; r < count; ++r, rows += stride) {
    __m256i sum = _mm256_setzero_si256();
    for (std::size_t d = 0; d < stride; d += 16) {
      const __m256i row =
          _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(rows + d)));
      const __m256i q =
          _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(query + d)));
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(row, q));
    }
    const __m128i half =
        _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    const __m128i quarter = _mm_add_epi32(half, _mm_unpackhi_epi64(half, half));
    out[r] = _mm_cvtsi128_si32(quarter) + _mm_extract_epi32(quarter, 1);
  }
}

}  // namespace vitrine
