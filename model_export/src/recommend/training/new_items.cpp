#include "recommend/training/new_items.h"

#include <algorithm>

#include "recommend/models/borrowed_rows.h"

namespace vitrine::recommend {

float new_item_weight(const std::optional<model::NewItemCounts>& counts) {
  if (!counts) return 1.0F;
  const double of_others = static_cast<double>(counts->other_item_events) /
                           std::max(static_cast<double>(counts->other_items), 1.0);
  if (of_others == 0.0) return 1.0F;
  const double of_new = (static_cast<double>(counts->new_item_events) + of_others) /
                        (static_cast<double>(counts->new_items) + 1.0);
  return static_cast<float>(std::clamp(of_new / of_others, 0.1, 1.0));
}

NewItems::NewItems(const bundle::BundleContents& contents, std::span<const std::string> titles,
                   std::uint32_t seen, const ContentOptions& options, unsigned threads)
    : seen_(seen),
      count_(static_cast<std::uint32_t>(contents.ids.size()) - seen),
      weight_(options.weight),
      available_(count_, true) {
  if (count_ == 0 || seen == 0 || options.neighbours == 0) return;
  const ContentVectors vectors = content_vectors(contents.attributes, titles);
  alike_ = find_alike(vectors, seen, options.neighbours, threads);
  for (std::uint32_t r = 0; r < count_; ++r) {
    available_[r] = contents.attributes[seen + r].available;
  }
}

void NewItems::fill_rows(std::vector<model::SessionEntry>& rows, std::uint32_t most) const {
  if (alike_.items.empty()) return;
  std::vector<model::SessionEntry> added = borrow_rows(rows, alike_, seen_, most, weight_);
  std::erase_if(added, [this](const model::SessionEntry& entry) {
    return entry.target >= seen_ && !available_[entry.target - seen_];
  });
  const auto middle = static_cast<std::ptrdiff_t>(rows.size());
  rows.insert(rows.end(), added.begin(), added.end());
  std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(),
                     [](const model::SessionEntry& a, const model::SessionEntry& b) {
                       return a.source != b.source ? a.source < b.source : a.target < b.target;
                     });
}

void NewItems::fill_popularity(std::vector<double>& popularity) const {
  for (std::uint32_t r = 0; r < alike_.size(); ++r) {
    double mean = 0.0;
    for (std::uint64_t a = alike_.offsets[r]; a < alike_.offsets[r + 1]; ++a) {
      mean += static_cast<double>(alike_.shares[a]) * popularity[alike_.items[a]];
    }
    popularity[seen_ + r] = static_cast<double>(weight_) * mean;
  }
}

void NewItems::fill_embeddings(model::EmbeddingMatrix& embeddings, std::size_t max_bytes) const {
  const std::size_t dims = embeddings.dims;
  embeddings.values.resize((std::size_t{seen_} + count_) * dims);
  // Zeros take next to nothing of the budget.
  if (2 * embeddings.values.size() > max_bytes) return;
  for (std::uint32_t r = 0; r < alike_.size(); ++r) {
    float* own = embeddings.values.data() + (std::size_t{seen_} + r) * dims;
    for (std::uint64_t a = alike_.offsets[r]; a < alike_.offsets[r + 1]; ++a) {
      const float* its = embeddings.values.data() + alike_.items[a] * dims;
      for (std::size_t d = 0; d < dims; ++d) own[d] += weight_ * alike_.shares[a] * its[d];
    }
  }
}

NewItemCounts NewItems::counts() const {
  NewItemCounts counts{.without_events = count_};
  for (std::uint32_t r = 0; r < alike_.size(); ++r) {
    if (alike_.offsets[r + 1] > alike_.offsets[r]) ++counts.borrow_from_alike;
  }
  return counts;
}

void to_json(nlohmann::json& out, const NewItemCounts& counts) {
  out = {{"without_events", counts.without_events},
         {"borrow_from_alike", counts.borrow_from_alike}};
}

}  // namespace vitrine::recommend
