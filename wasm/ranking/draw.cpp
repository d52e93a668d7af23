#include "ranking/draw.h"

#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

#include "ranking/abi.h"
#include "vitrine/experiment/bucketing.h"

namespace vitrine::abi {
namespace {

/// The parts of a Draw, in place: JavaScript has put doubles and code units there.
struct Parts {
  explicit Parts(std::span<const std::uint32_t> words) {
    std::memcpy(&head, words.data(), sizeof(head));
    numbers = reinterpret_cast<const double*>(words.data() + sizeof(head) / sizeof(words[0]));
    text = reinterpret_cast<const char16_t*>(numbers + head.numbers);
  }

  Draw head;
  const double* numbers;
  const char16_t* text;
};

double bucket_of(const Parts& parts) {
  const Draw& head = parts.head;
  return vitrine::bucket({parts.text, head.seed_units},
                         {parts.text + head.seed_units, head.value_units},
                         static_cast<int>(head.version))
      .value_or(-1.0);
}

}  // namespace

double bucket_of(std::span<const std::uint32_t> words) { return bucket_of(Parts(words)); }

std::int32_t variation_of(std::span<const std::uint32_t> words) {
  const Parts parts(words);
  const Draw& head = parts.head;
  const double place = bucket_of(parts);
  if (head.ranged != 0) {
    const auto* ranges = reinterpret_cast<const BucketRange*>(parts.numbers);
    return choose_variation(place, {ranges, head.numbers / 2});
  }
  std::vector<BucketRange> ranges(head.variations);
  bucket_ranges(head.coverage, {parts.numbers, head.numbers}, ranges);
  return choose_variation(place, ranges);
}

}  // namespace vitrine::abi
