#include "vitrine/ranking/partitions.h"

#include <algorithm>
#include <array>
#include <limits>

#include "vitrine/ranking/dot.h"

namespace vitrine {

PartitionSearch::PartitionSearch(const Partitions& partitions)
    : partitions_(&partitions),
      cosines_(partitions.ends.size()),
      visited_(partitions.ends.size()),
      heap_(partitions.ends.size()) {}

void PartitionSearch::start(const std::int8_t* query, float scale) {
  constexpr std::size_t kBlock = 256;
  constexpr float kAny = -std::numeric_limits<float>::infinity();
  std::fill(visited_.begin(), visited_.end(), std::uint8_t{0});
  gathered_ = false;
  Candidate nearest{.cosine = kAny, .partition = 0};
  const std::size_t stride = partitions_->stride;
  std::array<DotHit, kBlock> products;
  for (std::size_t first = 0; first < cosines_.size(); first += kBlock) {
    const std::size_t count = std::min(kBlock, cosines_.size() - first);
    dot_kernels().scan(partitions_->centroids.data() + first * stride, count, stride, query,
                       partitions_->scales.data() + first, kAny, products.data());
    for (std::size_t i = 0; i < count; ++i) {
      const float step = widen(partitions_->scales[first + i]) * scale;
      const float cosine = static_cast<float>(products[i].dot) * step;
      cosines_[first + i] = cosine;
      if (cosine > nearest.cosine) {
        nearest = {.cosine = cosine, .partition = static_cast<std::uint32_t>(first + i)};
      }
    }
  }
  heap_[0] = nearest;
  waiting_ = 1;
}

std::optional<PartitionSearch::Range> PartitionSearch::next(float least) {
  if (waiting_ == 0 && !gathered_) gather(least);
  if (waiting_ == 0 || heap_[0].cosine < least) return std::nullopt;
  std::pop_heap(heap_.data(), heap_.data() + waiting_, further);
  const std::uint32_t partition = heap_[--waiting_].partition;
  visited_[partition] = 1;
  const std::uint32_t first = partition == 0 ? 0 : partitions_->ends[partition - 1];
  return Range{.first = first, .count = partitions_->ends[partition] - first};
}

/// The nearest partition has raised the bar so much that few other partitions need to be sorted.
void PartitionSearch::gather(float least) {
  gathered_ = true;
  for (std::uint32_t partition = 0; partition < cosines_.size(); ++partition) {
    if (cosines_[partition] >= least && visited_[partition] == 0) {
      heap_[waiting_++] = {.cosine = cosines_[partition], .partition = partition};
    }
  }
  std::make_heap(heap_.data(), heap_.data() + waiting_, further);
}

bool PartitionSearch::visited(std::uint32_t item) const {
  const auto at = std::upper_bound(partitions_->ends.begin(), partitions_->ends.end(), item);
  return at != partitions_->ends.end() &&
         visited_[static_cast<std::size_t>(at - partitions_->ends.begin())] != 0;
}

}  // namespace vitrine
