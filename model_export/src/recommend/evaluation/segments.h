#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "recommend/evaluation/bootstrap.h"
#include "recommend/evaluation/player.h"

namespace vitrine::recommend {

/// How well the next item of some of the predictions was found.
struct Accuracy {
  std::size_t predictions = 0;
  Estimate hit_rate;  // target among the first k
  Estimate mrr;       // 1 / rank, 0 below k
  Estimate ndcg;      // 1 / log2(1 + rank), 0 below k
};

struct Segment {
  std::string name;
  Accuracy accuracy;
};

/// One way to part the predictions: each belongs to exactly one segment. Segments without any
/// prediction are left out.
struct Segmentation {
  std::string key;    // "session_length"
  std::string words;  // "events of the session so far"
  std::vector<Segment> segments;
};

/// Hit, reciprocal rank and gain of a target at `rank`; zeros for rank 0.
[[nodiscard]] std::array<double, 3> next_item_values(std::uint32_t rank);

/// Parts of the predictions, before their sums are turned into means.
struct Partition {
  std::string key;
  std::string words;
  std::vector<std::string> names;
  std::vector<SessionSums> sums;  // by name, of next_item_values
};

/// By events of the session so far, by popularity of the target, by kind of the target.
[[nodiscard]] std::vector<Partition> partition(std::span<const Prediction> predictions,
                                               const Yardstick& yardstick);

}  // namespace vitrine::recommend
