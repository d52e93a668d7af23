#include "vitrine/format/bundle.h"
#include "vitrine/ranking/dot.h"

namespace vitrine {
namespace {

std::int32_t dot(const std::int8_t* a, const std::int8_t* b, std::size_t stride) {
  std::int32_t sum = 0;
  for (std::size_t d = 0; d < stride; ++d) {
    sum += static_cast<std::int32_t>(a[d]) * static_cast<std::int32_t>(b[d]);
  }
  return sum;
}

std::size_t scan(const std::int8_t* rows, std::size_t count, std::size_t stride,
                 const std::int8_t* query, const std::uint16_t* factors, float bound,
                 DotHit* hits) {
  std::size_t found = 0;
  for (std::size_t r = 0; r < count; ++r, rows += stride) {
    const std::int32_t product = dot(rows, query, stride);
    if (static_cast<float>(product) * widen(factors[r]) >= bound) {
      hits[found++] = {.row = static_cast<std::uint32_t>(r), .dot = product};
    }
  }
  return found;
}

}  // namespace

const DotKernels kDotScalar{.dot = dot, .scan = scan};

}  // namespace vitrine
