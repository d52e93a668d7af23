#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "recommend/evaluation/bootstrap.h"
#include "recommend/evaluation/predictor.h"

namespace vitrine::recommend {

/// The quality of some of the next-item predictions.
struct Accuracy {
  std::size_t predictions = 0;
  Estimate hit_rate;  // target among the first k
  Estimate mrr;       // 1 / rank, or 0 below k
  Estimate ndcg;      // 1 / log2(1 + rank), or 0 below k
};

struct Segment {
  std::string name;
  Accuracy accuracy;
};

/// One way to divide the predictions into segments: each prediction belongs to exactly one segment.
/// Segments without predictions are left out.
struct Segmentation {
  std::string key;    // such as "session_length"
  std::string words;  // such as "events of the session so far"
  std::vector<Segment> segments;
};

/// The segments of the predictions with sums, before the means are computed.
struct Partition {
  std::string key;
  std::string words;
  std::vector<std::string> names;
  std::vector<SessionSums> sums;  // sums of next_item_values for each name
};

/// Divides the predictions by the number of events of the session so far, by popularity of the
/// target, and by kind of the target.
[[nodiscard]] std::vector<Partition> partition(std::span<const Prediction> predictions,
                                               const ListMetrics& list_metrics);

}  // namespace vitrine::recommend
