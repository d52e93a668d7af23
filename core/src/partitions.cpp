#include "vitrine/partitions.h"

#include <algorithm>
#include <array>
#include <limits>

namespace vitrine {

PartitionSearch::PartitionSearch(const Partitions& partitions)
    : partitions_(&partitions), kernels_(dot_kernels()), visited_(partitions.ends.size()) {
  heap_.reserve(partitions.ends.size());
}

void PartitionSearch::start(const std::int8_t* query, float scale) {
  constexpr std::size_t kBlock = 256;
  constexpr float kAny = -std::numeric_limits<float>::infinity();
  std::fill(visited_.begin(), visited_.end(), std::uint8_t{0});
  heap_.clear();
  const std::size_t stride = partitions_->stride;
  std::array<DotHit, kBlock> products;
  for (std::size_t first = 0; first < visited_.size(); first += kBlock) {
    const std::size_t count = std::min(kBlock, visited_.size() - first);
    kernels_.scan(partitions_->centroids.data() + first * stride, count, stride, query,
                  partitions_->scales.data() + first, kAny, products.data());
    for (std::size_t i = 0; i < count; ++i) {
      const float step = widen(partitions_->scales[first + i]) * scale;
      heap_.push_back({.cosine = static_cast<float>(products[i].dot) * step,
                       .partition = static_cast<std::uint32_t>(first + i)});
    }
  }
  std::make_heap(heap_.begin(), heap_.end(), further);
}

std::optional<PartitionSearch::Range> PartitionSearch::next(float least) {
  if (heap_.empty() || heap_.front().cosine < least) return std::nullopt;
  std::pop_heap(heap_.begin(), heap_.end(), further);
  const std::uint32_t partition = heap_.back().partition;
  heap_.pop_back();
  visited_[partition] = 1;
  const std::uint32_t first = partition == 0 ? 0 : partitions_->ends[partition - 1];
  return Range{.first = first, .count = partitions_->ends[partition] - first};
}

bool PartitionSearch::visited(std::uint32_t item) const {
  const auto at = std::upper_bound(partitions_->ends.begin(), partitions_->ends.end(), item);
  return at != partitions_->ends.end() &&
         visited_[static_cast<std::size_t>(at - partitions_->ends.begin())] != 0;
}

}  // namespace vitrine
