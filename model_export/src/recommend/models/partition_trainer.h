#pragma once

#include <cstdint>

#include "model/embeddings.h"

namespace vitrine::recommend {

struct PartitionOptions {
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

/// Returns true when searching through partitions is faster than scanning all items, which is when
/// the codes take more than a megabyte.
[[nodiscard]] bool partitions_pay(const model::EmbeddingMatrix& embeddings);

/// Divides items by the direction of their vectors: spherical k-means (Dhillon, Modha: Concept
/// Decompositions for Large Sparse Text Data Using Clustering, Machine Learning 2001) with 2
/// sqrt(n) centroids. Then it measures for some items how far the centroids of their nearest 20
/// items lie from them. The margin includes 99 % of these; it includes 96 % when 99 % would need a
/// search through an eighth of all items, as with vectors without structure. The output does not
/// depend on the number of threads. O(n^1.5 * dims); needs at least 100 items.
[[nodiscard]] model::ItemPartitions train_partitions(const model::EmbeddingMatrix& embeddings,
                                                     const PartitionOptions& options);

}  // namespace vitrine::recommend
