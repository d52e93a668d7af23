#include "recommend/models/item_knn.h"

#include <algorithm>
#include <cmath>

namespace vitrine::recommend {

std::vector<model::SessionEntry> item_knn_rows(const model::PairStatistics& pairs,
                                               const ItemKnnOptions& options) {
  std::vector<float> sessions(pairs.item_count);
  for (std::uint32_t a = 0; a < pairs.item_count; ++a) {
    for (std::uint64_t p = pairs.offsets[a]; p < pairs.offsets[a + 1]; ++p) {
      if (pairs.partner[p] == a) sessions[a] = pairs.together[p];
    }
  }
  std::vector<model::SessionEntry> entries;
  std::vector<model::SessionEntry> row;
  for (std::uint32_t a = 0; a < pairs.item_count; ++a) {
    row.clear();
    for (std::uint64_t p = pairs.offsets[a]; p < pairs.offsets[a + 1]; ++p) {
      const std::uint32_t b = pairs.partner[p];
      if (b == a || !(pairs.together[p] > 0.0F)) continue;
      const float overlap = pairs.together[p] / std::sqrt((sessions[a] + options.shrinkage) *
                                                          (sessions[b] + options.shrinkage));
      row.push_back({a, b, overlap});
    }
    const std::size_t kept = std::min<std::size_t>(row.size(), options.neighbours);
    std::partial_sort(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(kept), row.end(),
                      [](const model::SessionEntry& x, const model::SessionEntry& y) {
                        return x.weight != y.weight ? x.weight > y.weight : x.target < y.target;
                      });
    row.resize(kept);
    std::sort(row.begin(), row.end(),
              [](const model::SessionEntry& x, const model::SessionEntry& y) {
                return x.target < y.target;
              });
    entries.insert(entries.end(), row.begin(), row.end());
  }
  return entries;
}

layout::Settings item_knn_settings() {
  constexpr float kLastAlone = 1e-9F;
  return {.recommend = {.session_rows = 1.0F},
          .similar = {.session_rows = 1.0F},
          .row_decay = kLastAlone,
          .repeat_weight = 0.0F,
          .embedding_decay = 1.0F,
          .embedding_alpha = 0.0F,
          .kind_weights = {1.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F}};
}

}  // namespace vitrine::recommend
