#pragma once

#include <cstdint>
#include <vector>

#include "model/pair_statistics.h"
#include "recommend/models/session_row_trainer.h"
#include "vitrine/format/settings.h"

namespace vitrine::recommend {

struct ItemKnnOptions {
  std::uint32_t neighbours = 100;
  float shrinkage = 20.0F;  // number of sessions added to the counts of both items
};

/// Returns the rows of the baseline item-kNN (Hidasi et al., ICLR 2016; Ludewig and Jannach 2018),
/// which ranks the items whose sessions overlap most with those of the last item: sim(a, b) = |a
/// and b| / sqrt((|a| + shrinkage) (|b| + shrinkage)). Sorted by source, then target.
[[nodiscard]] std::vector<model::SessionEntry> item_knn_rows(const model::PairStatistics& pairs,
                                                             const ItemKnnOptions& options);

/// Returns the ranking settings for item_knn_rows: only the last item counts.
[[nodiscard]] layout::Settings item_knn_settings();

}  // namespace vitrine::recommend
