#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vitrine/format/bundle.h"

namespace vitrine {

/// An inverted file over the embeddings (Jegou, Douze, Schmid: Product Quantization for Nearest
/// Neighbor Search, TPAMI 2011, section IV, without the product quantization): items of near
/// directions are numbered one after the other, and a search goes through the partitions whose
/// centroids lie nearest to the query. Memory is taken once, in the constructor.
class PartitionSearch {
 public:
  /// Items first .. first + count.
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };

  /// `partitions` must outlive this. Allocates 13 bytes a partition.
  explicit PartitionSearch(const Partitions& partitions);

  /// Begins a search. `query` holds partitions.stride codes; `scale` times them is a unit vector.
  /// O(partitions * stride).
  void start(const std::int8_t* query, float scale);
  /// The nearest partition that the search has not been to, if the cosine of its centroid is at
  /// least `least`, which never falls during a search. O(log partitions), the second one
  /// O(partitions).
  [[nodiscard]] std::optional<Range> next(float least);
  /// Returns true when next() has returned a range with `item`. O(log partitions).
  [[nodiscard]] bool visited(std::uint32_t item) const;

 private:
  struct Candidate {
    float cosine;
    std::uint32_t partition;
  };
  static bool further(const Candidate& a, const Candidate& b) {
    return a.cosine != b.cosine ? a.cosine < b.cosine : a.partition > b.partition;
  }

  void gather(float least);

  const Partitions* partitions_;
  std::vector<float> cosines_;  // of the centroids with the query
  std::vector<std::uint8_t> visited_;
  std::vector<Candidate> heap_;  // the nearest on top: first it alone, then what gather() found
  std::size_t waiting_ = 0;      // how many of heap_ count
  bool gathered_ = false;
};

}  // namespace vitrine
