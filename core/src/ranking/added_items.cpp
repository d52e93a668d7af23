#include <algorithm>

#include "vitrine/ranking/ranker.h"

namespace vitrine {

// Kept out of the rankings of bundles that have no added items.
[[gnu::noinline]] AddedItems::Lenders AddedItems::lenders_of(std::uint32_t item) const {
  Lenders lenders;
  if (item < first) {
    lenders.all_[lenders.count_++] = {.item = item, .share = 1.0F};
    return lenders;
  }
  for (std::size_t i = 0; i < layout::kAlike && !shares.empty(); ++i) {
    const std::size_t at = std::size_t{item - first} * layout::kAlike + i;
    if (shares[at] == 0) continue;
    const float share = static_cast<float>(shares[at]) / 255.0F;
    lenders.all_[lenders.count_++] = {.item = alike[at], .share = share};
  }
  return lenders;
}

[[gnu::noinline]] std::uint32_t AddedItems::most_alike(std::uint32_t item) const {
  Lender most{.item = kNone, .share = 0.0F};
  for (const Lender& lender : lenders_of(item)) {
    if (lender.share > most.share) most = lender;
  }
  return most.item;
}

/// Puts on the board what added items have of those that are like them.
void Ranker::lend_to_added(const RankRequest& request) {
  const AddedItems& added = bundle_->added();
  for (std::uint32_t item = added.first; item < bundle_->item_count(); ++item) {
    float score = 0.0F;
    for (const auto& [known, share] : added.lenders_of(item)) {
      const float liked = embedded_ ? request.blend.embeddings * embedding_.score(known) : 0.0F;
      score += share * (board_[known] + liked);
    }
    board_.add(item, score);
  }
}

/// `events` with known items in the place of those that are like them.
std::span<const SessionEvent> Ranker::known_events(std::span<const SessionEvent> events) {
  if (bundle_->item_count() == bundle_->added().first) return events;
  std::size_t count = 0;
  for (SessionEvent event : events.last(std::min(events.size(), known_events_.size()))) {
    event.item = bundle_->added().most_alike(event.item);
    if (event.item != AddedItems::kNone) known_events_[count++] = event;
  }
  return {known_events_.data(), count};
}

/// The sources for embeddings with known items in the place of those that are like them; drops
/// sources that nothing is like.
Ranker::Sources Ranker::known_sources() {
  std::size_t kept = 0;
  Sources known;
  for (const Source& source : embedding_sources_.view()) {
    Source lender = source;
    lender.item = bundle_->added().most_alike(source.item);
    if (lender.item == AddedItems::kNone) continue;
    known.items[kept] = lender;
    embedding_sources_.items[kept++] = source;
  }
  embedding_sources_.count = known.count = kept;
  return known;
}

}  // namespace vitrine
