#include "recommend/training/baseline_bundle.h"

#include <algorithm>
#include <numeric>

#include "bundle/bundle_writer.h"
#include "recommend/models/item_knn.h"

namespace vitrine::recommend {

std::vector<std::byte> baseline_bundle(const model::LogStatistics& statistics,
                                       const std::vector<std::int64_t>& recent,
                                       const std::string& bundle) {
  const model::ItemTable& items = statistics.items;
  std::vector<std::uint32_t> order(items.ids.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return recent[a] > recent[b]; });
  bundle::BundleContents contents;
  std::vector<std::uint32_t> place(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    contents.ids.push_back(items.ids[order[i]]);
    contents.popularity.push_back(static_cast<double>(recent[order[i]]));
  }
  contents.session_rows = item_knn_rows(statistics.pairs, {});
  for (model::SessionEntry& entry : contents.session_rows) {
    entry.source = place[entry.source];
    entry.target = place[entry.target];
  }
  std::sort(contents.session_rows.begin(), contents.session_rows.end(),
            [](const model::SessionEntry& a, const model::SessionEntry& b) {
              return a.source != b.source ? a.source < b.source : a.target < b.target;
            });
  contents.settings = item_knn_settings();
  contents.metadata = {{"baseline", "item-kNN; popularity of the last days"},
                       {"popularity_days", model::kRecentDays},
                       {"bundle", bundle}};
  return bundle::write_bundle(contents);
}

}  // namespace vitrine::recommend
