#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "model/embeddings.h"
#include "model/session_table.h"

namespace vitrine::recommend {

struct AlsOptions {
  std::uint32_t dims = 16;   // at most layout::kMaxDims
  std::uint32_t sweeps = 8;  // one sweep solves all sessions, then all items
  float alpha = 10.0F;       // an observation has the confidence 1 + alpha * its weight
  float lambda = 5.0F;       // L2 regularization
  bool residuals = false;    // true: the bundle keeps 16 bits a number; false: 8 bits
  std::array<float, kEventKinds> kind_weights = {1.0F, 1.5F, 2.0F, 1.5F, 0.0F, 0.5F};
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

/// Trains item factors from implicit feedback by alternating least squares (Hu, Koren, Volinsky:
/// Collaborative Filtering for Implicit Feedback Datasets, ICDM 2008, equations 4 and 5). Sessions
/// take the place of users, and every row is solved exactly. The output does not depend on the
/// number of threads. Time per sweep: O(sum over rows of dims * n * min(n, dims) + (sessions +
/// items) * dims^2), where n is the number of entries of the row.
[[nodiscard]] model::EmbeddingMatrix train_als(
    const model::SessionTable& sessions, std::uint32_t item_count, const AlsOptions& options,
    const std::function<void(std::size_t sweep)>& progress = {});

}  // namespace vitrine::recommend
