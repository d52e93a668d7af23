#include "vitrine/format/popularity.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vitrine {

Result<Popularity> Popularity::open(std::span<const std::byte> bytes, std::uint32_t item_count) {
  Popularity result;
  if (!result.codes_.open(bytes, item_count, 2)) return Status::kBadSectionSize;
  return result;
}

Status Popularity::verify() const {
  std::uint32_t best = 0;
  for (std::size_t item = 0; item < codes_.size(); ++item) best = std::max(best, codes_[item]);
  return best == 0 || best == 0xFFFF ? Status::kOk : Status::kBadPopularity;
}

float Popularity::most(std::uint32_t first, std::uint32_t count) const {
  std::uint8_t most = 0;
  for (const std::uint8_t high : codes_.plane(1).subspan(first, count)) most = std::max(most, high);
  return kCoarse.values[most];
}

std::vector<std::uint32_t> Popularity::best(std::size_t count) const {
  const std::span<const std::uint8_t> highs = codes_.plane(1);
  std::array<std::uint32_t, 256> counts{};  // number of items for each high byte
  for (const std::uint8_t high : highs) ++counts[high];
  std::uint32_t size = 0;
  std::uint32_t least = 256;
  while (least > 0 && size < count) size += counts[--least];
  std::vector<std::uint32_t> items;
  items.reserve(size);
  for (std::uint32_t item = 0; item < highs.size(); ++item) {
    if (highs[item] >= least) items.push_back(item);
  }
  return sorted(sorted(items, 0), 1);
}

/// Sorts items by one byte of their codes, the largest first. This is a counting sort; it keeps the
/// order of equal items.
std::vector<std::uint32_t> Popularity::sorted(const std::vector<std::uint32_t>& items,
                                              unsigned plane) const {
  const std::span<const std::uint8_t> bytes = codes_.plane(plane);
  std::vector<std::uint32_t> out(items.size());
  std::array<std::uint32_t, 257>
      places{};  // start of each byte value in the result, the largest value first
  for (const std::uint32_t item : items) ++places[256U - bytes[item]];
  for (std::size_t i = 1; i < places.size(); ++i) places[i] += places[i - 1];
  for (const std::uint32_t item : items) out[places[255U - bytes[item]]++] = item;
  return out;
}

Result<Popularity> Popularity::open_own(std::unique_ptr<std::byte[]> bytes,
                                        std::uint32_t item_count) {
  Result<Popularity> opened = open({bytes.get(), std::size_t{item_count} * 2}, item_count);
  if (opened.ok()) opened.value().owned_ = std::move(bytes);
  return opened;
}

}  // namespace vitrine
