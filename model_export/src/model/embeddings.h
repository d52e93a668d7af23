#pragma once

#include <cstdint>
#include <vector>

namespace vitrine::model {

/// Item embeddings before quantization.
struct EmbeddingMatrix {
  std::uint32_t dims = 0;     // 0: none
  std::vector<float> values;  // [n * dims], item by item
  float lambda = 0.0F;        // regularization of the fold-in
  bool residuals = false;     // whether the bundle keeps 16 bits a number, or 8
};

/// Items divided by the direction of their embeddings, for searches that look only at some.
struct ItemPartitions {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;  // of an item without embedding

  std::vector<std::uint32_t> of;  // [n], the partition of each item; empty: not divided
  std::vector<float> centroids;   // [partitions * dims]
  float margin = 0.0F;            // of layout::Search
};

}  // namespace vitrine::model
