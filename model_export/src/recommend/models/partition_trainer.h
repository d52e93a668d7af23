#pragma once

#include <cstdint>

#include "bundle/bundle_writer.h"

namespace vitrine::recommend {

struct PartitionOptions {
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

/// Whether a search through partitions beats going through all items: their codes take a megabyte.
[[nodiscard]] bool partitions_pay(const bundle::EmbeddingMatrix& embeddings);

/// Divides items by the direction of their vectors: spherical k-means (Dhillon, Modha: Concept
/// Decompositions for Large Sparse Text Data Using Clustering, Machine Learning 2001) with 2
/// sqrt(n) centroids. Then measures on some items how far from them the centroids of their nearest
/// 20 lie: the margin takes in 99 % of these; where an eighth of all items would be compared for
/// it, as with vectors of no structure, 96 %. The same output for any number of threads. O(n^1.5 *
/// dims); not for less than 100 items.
[[nodiscard]] bundle::ItemPartitions train_partitions(const bundle::EmbeddingMatrix& embeddings,
                                                      const PartitionOptions& options);

}  // namespace vitrine::recommend
