#include "vitrine/ranking/ranker.h"

#include <algorithm>

namespace vitrine {

// What a ranking does before and after it looks at items.

/// Weighs the history, hides what must not be shown, adds up the session rows and the votes of
/// neighbours.
void Ranker::prepare(const RankRequest& request) {
  const layout::Settings& settings = bundle_->settings();
  lift_ = largest_factor(request.rules);
  for (const std::uint32_t item : request.exclude) {
    if (item < bundle_->item_count()) hidden_[item] = kHidden;
  }
  const std::span<const SessionEvent> running =
      request.session_over ? std::span<const SessionEvent>() : running_session(request.history);
  if (request.exclude_seen) {
    for (const SessionEvent& event : running) hidden_[event.item] = kHidden;
  }
  const auto weigh = [&](float decay, Sources& sources) {
    sources.count = weigh_history(request.history, request.session_over,
                                  {decay, settings.session_decay, settings.opening_decay},
                                  settings.kind_weights, sources.items);
  };
  weigh(settings.row_decay, row_sources_);
  if (request.blend.session_rows > 0.0F) {
    for (const Source& source : row_sources_.view()) {
      add_rows(source.item, request.blend.session_rows * source.weight);
    }
  }
  if (request.blend.neighbours > 0.0F) {
    neighbours_.find(known_events(running), settings.kind_weights);
    neighbours_.add_votes(request.blend.neighbours, board_);
  }
  embedded_ = false;
  embedding_sources_.count = 0;
  if (request.blend.embeddings > 0.0F && bundle_->embeddings().dims > 0 &&
      !request.history.empty()) {
    weigh(settings.embedding_decay, embedding_sources_);
    const Sources known = known_sources();
    const std::uint32_t latest = bundle_->added().most_alike(request.history.back().item);
    embedded_ = request.by_cosine ? latest != AddedItems::kNone && embedding_.take_item(latest)
                                  : embedding_.fold_in(known.view(), settings.embedding_alpha);
  }
  lend_to_added(request);
  // After it: that shoppers come back to an item says nothing of those like it.
  if (request.blend.session_rows > 0.0F) {
    for (const Source& source : row_sources_.view()) {
      board_.add(source.item, request.blend.session_rows * source.weight * repeat_weight(source));
    }
  }
}

/// Puts `weight` times the row of `item` on the board.
void Ranker::add_rows(std::uint32_t item, float weight) {
  for (const auto& [known, share] : bundle_->added().lenders_of(item)) {
    add_session_row(bundle_->session_rows(), known, weight * share, board_);
  }
}

/// What a source says of its own item.
float Ranker::repeat_weight(const Source& source) const {
  const layout::Settings& settings = bundle_->settings();
  return source.earlier ? settings.return_weight : settings.repeat_weight;
}

/// Writes the list out, best first, and leaves the working memory as it was found.
std::size_t Ranker::finish(const RankRequest& request, std::span<Ranked> out, ListMaker* maker) {
  sort();
  for (std::size_t i = 0; i < heap_.size(); ++i) {
    Ranked& ranked = out[i];  // reasons beyond reason_count are left as they are
    ranked.item = heap_[i].item;
    ranked.score = heap_[i].score;
    ranked.reason_count = 0;
    ranked.propensity = 1.0F;
  }
  const std::size_t count = heap_.size();
  std::span<Ranked> list = out.first(count);
  if (maker != nullptr) list = maker->make_list(list);
  if (request.explain) explain(request, list);
  heap_.clear();
  board_.clear();
  for (const std::uint32_t item : request.exclude) {
    if (item < bundle_->item_count()) hidden_[item] = 0;
  }
  for (const SessionEvent& event : request.history) hidden_[event.item] = 0;
  return count;
}

}  // namespace vitrine
