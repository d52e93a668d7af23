#pragma once

#include <cstdint>
#include <vector>

#include "model/pair_statistics.h"
#include "recommend/models/session_row_trainer.h"
#include "vitrine/format/bundle_layout.h"

namespace vitrine::recommend {

struct ItemKnnOptions {
  std::uint32_t neighbours = 100;
  float shrinkage = 20.0F;  // sessions added to both items' counts
};

/// The baseline of session-based recommendation (Hidasi et al., ICLR 2016; Ludewig and Jannach
/// 2018): the items whose sessions overlap most with those of the last item, sim(a, b) = |a and b|
/// / sqrt((|a| + shrinkage) (|b| + shrinkage)). Sorted by source, then target.
[[nodiscard]] std::vector<model::SessionEntry> item_knn_rows(const model::PairStatistics& pairs,
                                                             const ItemKnnOptions& options);

/// Ranking settings under which item_knn_rows are item-kNN: the last item alone counts.
[[nodiscard]] layout::Settings item_knn_settings();

}  // namespace vitrine::recommend
