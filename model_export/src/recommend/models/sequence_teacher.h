#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/session_entry.h"
#include "model/session_table.h"

namespace vitrine::recommend {

struct TeacherOptions {
  std::uint32_t dims = 64;
  std::uint32_t epochs = 14;      // at most; see `examples`
  std::uint32_t negatives = 512;  // items drawn for each batch
  std::uint32_t batch = 768;      // number of examples, approximately
  float learning_rate = 0.004F;   // falls to zero during training
  float dropout = 0.3F;
  float temperature = 0.1F;
  std::uint32_t kept = 100;  // most likely targets kept for each source
  /// The number of examples used in all epochs together. A log that has more is reduced to its
  /// latest sessions.
  std::uint64_t examples = 6'000'000;
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

/// Trains a sequence encoder to predict the next item of a session, and returns its predictions
/// after each single item: the weight is the probability of the target after the source. Sorted by
/// target, then source.
///
/// The encoder is that of CORE (Hou, Hu, Zhang, Zhao: CORE: Simple and Effective Session-based
/// Recommendation within Consistent Representation Space, SIGIR 2022): a weighted sum of unit item
/// vectors; items are ranked by cosine divided by a temperature. Here the weights decay by a learnt
/// rate, and a learnt square matrix after the sum allows that the items which follow an item differ
/// from those that precede it. The loss is softmax cross-entropy over the target and sampled items,
/// corrected for the probability of sampling (Bengio, Senecal 2008). It takes a fraction of the
/// time of the full softmax and teaches equally well. Adam optimizes the rows that a batch uses.
/// Choi, Park, Lee: Linear Item-Item Models with Neural Knowledge for Session-based Recommendation
/// (LINK), SIGIR 2025, show that a linear model can learn from the probabilities after single
/// items.
///
/// The output does not depend on the number of threads. Time: O(examples * (negatives + dims) *
/// dims + items^2 * dims).
[[nodiscard]] std::vector<model::SessionEntry> train_teacher(
    const model::SessionTable& sessions, std::uint32_t item_count, const TeacherOptions& options,
    const std::function<void(double share)>& progress = {});

}  // namespace vitrine::recommend
