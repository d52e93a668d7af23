#include "vitrine/ranking/signals/neighbour_signal.h"

#include <algorithm>

namespace vitrine {

void NeighbourSignal::prepare(const SignalQuery& query) {
  weight_ = query.request.blend.neighbours;
  if (weight_ > 0.0F) scorer_.find(known(query.running), bundle_->settings().kind_weights);
}

void NeighbourSignal::add_scores(ScoreBoard& board) const {
  if (weight_ > 0.0F) scorer_.add_votes(weight_, board);
}

void NeighbourSignal::explain(const ExplainedItem& explained, ReasonParts& parts) const {
  if (!(weight_ > 0.0F)) return;
  const std::span<const Source> sources = scorer_.sources();
  std::array<float, Session::kCapacity> sums;
  std::array<float, Session::kCapacity> of_one;
  std::fill_n(sums.begin(), sources.size(), 0.0F);
  for (const auto& [known, share] : explained.donors) {
    scorer_.explain(known, of_one);
    for (std::size_t s = 0; s < sources.size(); ++s) sums[s] += share * of_one[s];
  }
  for (std::size_t s = 0; s < sources.size(); ++s) {
    parts.add(
        {.kind = ReasonKind::kNeighbours, .item = sources[s].item, .score = weight_ * sums[s]});
  }
}

/// `events` with known items in the place of added ones: those most like them.
std::span<const SessionEvent> NeighbourSignal::known(std::span<const SessionEvent> events) {
  const AddedItems& added = bundle_->added();
  if (bundle_->item_count() == added.first) return events;
  std::size_t count = 0;
  for (SessionEvent event : events.last(std::min(events.size(), known_.size()))) {
    event.item = added.most_alike(event.item);
    if (event.item != AddedItems::kNone) known_[count++] = event;
  }
  return {known_.data(), count};
}

}  // namespace vitrine
