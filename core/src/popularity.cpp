#include "vitrine/popularity.h"

#include <array>
#include <numeric>
#include <utility>

namespace vitrine {

Result<Popularity> Popularity::open(std::span<const std::byte> bytes, std::uint32_t item_count) {
  Popularity result;
  if (!result.codes_.open(bytes, item_count, 2)) return Status::kBadSectionSize;

  std::array<std::uint32_t, 256> counts{};  // of each high byte
  for (std::uint32_t item = 0; item < item_count; ++item) ++counts[result.codes_.byte(item, 1)];
  std::uint32_t size = 0;
  for (result.least_ = 256; result.least_ > 0 && size < kHead;) size += counts[--result.least_];
  std::vector<std::uint32_t> by_number;
  by_number.reserve(size);
  for (std::uint32_t item = 0; item < item_count; ++item) {
    if (result.in_head(item)) by_number.push_back(item);
  }

  result.head_ = result.sorted(result.sorted(by_number, 0), 1);

  // Shares are of the best item: either it has all of it, or nothing was seen at all.
  const std::uint32_t best = result.codes_[result.head_[0]];
  if (best != 0 && best != 0xFFFF) return Status::kBadPopularity;
  return result;
}

/// By one byte of the codes, the largest first: a counting sort, which keeps the order of equals.
std::vector<std::uint32_t> Popularity::sorted(const std::vector<std::uint32_t>& items,
                                              unsigned plane) const {
  std::vector<std::uint32_t> out(items.size());
  std::array<std::uint32_t, 257> places{};  // of each byte value, the largest first
  for (const std::uint32_t item : items) ++places[256U - codes_.byte(item, plane)];
  for (std::size_t i = 1; i < places.size(); ++i) places[i] += places[i - 1];
  for (const std::uint32_t item : items) out[places[255U - codes_.byte(item, plane)]++] = item;
  return out;
}

std::vector<std::uint32_t> Popularity::order(std::uint32_t item_count) const {
  std::vector<std::uint32_t> items(item_count);
  std::iota(items.begin(), items.end(), 0U);
  return sorted(sorted(items, 0), 1);
}

Result<Popularity> Popularity::open_own(std::unique_ptr<std::byte[]> bytes,
                                        std::uint32_t item_count) {
  Result<Popularity> opened = open({bytes.get(), std::size_t{item_count} * 2}, item_count);
  if (opened.ok()) opened.value().own_ = std::move(bytes);
  return opened;
}

}  // namespace vitrine
