#include "vitrine/ranking/signals/embedding_signal.h"

#include <algorithm>

namespace vitrine {

void EmbeddingSignal::prepare(const SignalQuery& query) {
  const RankRequest& request = query.request;
  const AddedItems& added = bundle_->added();
  weight_ = request.blend.embeddings;
  active_ = false;
  if (!(weight_ > 0.0F) || bundle_->embeddings().dims == 0 || request.history.empty()) return;
  query.weigh(bundle_->settings(), bundle_->settings().embedding_decay, sources_);
  // Sources that no known item is like are dropped.
  std::size_t kept = 0;
  for (const Source& source : sources_.view()) {
    Source donor = source;
    donor.item = added.most_alike(source.item);
    if (donor.item == AddedItems::kNone) continue;
    known_.items[kept] = donor;
    sources_.items[kept++] = source;
  }
  sources_.count = known_.count = kept;
  if (request.by_cosine) {
    const std::uint32_t latest = added.most_alike(request.history.back().item);
    active_ = latest != AddedItems::kNone && scorer_.take_item(latest);
  } else {
    active_ = scorer_.fold_in(known_.view(), bundle_->settings().embedding_alpha);
  }
}

void EmbeddingSignal::explain(const ExplainedItem& explained, ReasonParts& parts) const {
  if (!active_) return;
  std::array<float, Session::kCapacity> sums;
  std::array<float, Session::kCapacity> of_one;
  std::fill_n(sums.begin(), known_.count, 0.0F);
  for (const auto& [known, share] : explained.donors) {
    if (!(scorer_.score(known) > 0.0F)) continue;
    scorer_.explain(known_.view(), bundle_->settings().embedding_alpha, known, of_one);
    for (std::size_t s = 0; s < known_.count; ++s) sums[s] += share * of_one[s];
  }
  for (std::size_t s = 0; s < sources_.count; ++s) {
    parts.add({.kind = ReasonKind::kEmbedding,
               .item = sources_.items[s].item,
               .score = weight_ * sums[s]});
  }
}

}  // namespace vitrine
