#include "vitrine/popularity.h"

#include <array>

namespace vitrine {

Result<Popularity> Popularity::open(std::span<const std::byte> bytes, std::uint32_t item_count) {
  Popularity result;
  if (!result.codes_.open(bytes, item_count, 2)) return Status::kBadSectionSize;

  // A counting sort by the low byte, then one by the high byte. Both keep the order of equals,
  // which is that of the numbers.
  std::vector<std::uint32_t> by_low(item_count);
  result.order_.resize(item_count);
  const auto sort = [&](unsigned plane, const auto& nth, std::vector<std::uint32_t>& out) {
    std::array<std::uint32_t, 257> places{};  // of each byte value, the largest first
    for (std::uint32_t item = 0; item < item_count; ++item) {
      ++places[256U - result.codes_.byte(item, plane)];
    }
    for (std::size_t i = 1; i < places.size(); ++i) places[i] += places[i - 1];
    for (std::uint32_t i = 0; i < item_count; ++i) {
      const std::uint32_t item = nth(i);
      out[places[255U - result.codes_.byte(item, plane)]++] = item;
    }
  };
  sort(0, [](std::uint32_t i) { return i; }, by_low);
  sort(1, [&](std::uint32_t i) { return by_low[i]; }, result.order_);

  // Shares are of the best item: either it has all of it, or nothing was seen at all.
  const std::uint32_t best = result.codes_[result.order_[0]];
  if (best != 0 && best != 0xFFFF) return Status::kBadPopularity;
  return result;
}

}  // namespace vitrine
