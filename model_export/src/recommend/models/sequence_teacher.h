#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/session_entry.h"
#include "statistics/statistics.h"

namespace vitrine::recommend {

struct TeacherOptions {
  std::uint32_t dims = 64;
  std::uint32_t epochs = 14;      // at most; see examples
  std::uint32_t negatives = 512;  // items drawn for each batch
  std::uint32_t batch = 768;      // examples, about
  float learning_rate = 0.004F;   // falls to zero over the training
  float dropout = 0.3F;
  float temperature = 0.1F;
  std::uint32_t kept = 100;  // targets of a source, the likeliest
  /// Examples looked at in all. Of a log that has more, the latest are learnt from.
  std::uint64_t examples = 6'000'000;
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

/// Teaches a sequence encoder to name the next item of a session, and writes down what it says
/// after each single item: weight is the probability of the target after the source. Sorted by
/// target, then source.
///
/// The encoder is CORE's (Hou, Hu, Zhang, Zhao: CORE: Simple and Effective Session-based
/// Recommendation within Consistent Representation Space, SIGIR 2022): a weighted sum of unit item
/// vectors, here with weights that decay by a learnt rate, and items ranked by cosine over a
/// temperature. A learnt square matrix after the sum lets what follows an item differ from what
/// precedes it. The loss is softmax cross-entropy over the target and sampled items with the
/// correction for their odds (Bengio, Senecal 2008): a fraction of the work of the full softmax,
/// and no worse in what it teaches. Optimized by Adam on the rows that a batch touches. That
/// probabilities after single items are what a linear model can learn from: Choi, Park, Lee:
/// Linear Item-Item Models with Neural Knowledge for Session-based Recommendation (LINK), SIGIR
/// 2025.
///
/// The same output for any number of threads. Time: O(examples * (negatives + dims) * dims +
/// items^2
/// * dims).
[[nodiscard]] std::vector<model::SessionEntry> train_teacher(
    const statistics::SessionTable& sessions, std::uint32_t item_count,
    const TeacherOptions& options, const std::function<void(double share)>& progress = {});

}  // namespace vitrine::recommend
