#include "vitrine/dot.h"

namespace vitrine {

void dot_rows_scalar(const std::int8_t* rows, std::size_t count, std::size_t stride,
                     const std::int8_t* query, std::int32_t* out) {
  for (std::size_t r = 0; r < count; ++r, rows += stride) {
    std::int32_t sum = 0;
    for (std::size_t d = 0; d < stride; ++d) {
      sum += static_cast<std::int32_t>(rows[d]) * static_cast<std::int32_t>(query[d]);
    }
    out[r] = sum;
  }
}

}  // namespace vitrine
