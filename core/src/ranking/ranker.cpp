#include "vitrine/ranking/ranker.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

namespace vitrine {

// Runs once for each bundle.
[[gnu::cold]] Ranker::Ranker(const Bundle& bundle)
    : bundle_(&bundle),
      signals_(signals_of(bundle)),
      board_(bundle.item_count()),
      partitions_(bundle.partitions()),
      groups_(bundle),
      shortlist_(bundle),
      explainer_(bundle) {}

std::size_t Ranker::rank(const RankRequest& request, std::span<Ranked> out, ListMaker* maker) {
  prepare(request);
  const std::size_t limit = std::min<std::size_t>(out.size(), bundle_->item_count());
  shortlist_.set_capacity(limit);
  if (limit > 0 && std::get<EmbeddingSignal>(signals_).active()) {
    rank_embedded(request, limit);
  } else if (limit > 0) {
    const float most = std::get<PopularitySignal>(signals_).bound();
    for (const std::uint32_t item : board_.touched()) {
      // Rounding keeps the order.
      if (shortlist_.shuts_out(board_[item] + most)) continue;
      shortlist_.consider(item, total(item, 0.0F));
    }
    rank_untouched(request.filter, false);
  }
  return finish(request, out, maker);
}

std::size_t Ranker::rerank(std::span<const std::uint32_t> items, const RankRequest& request,
                           std::span<Ranked> out, ListMaker* maker) {
  const std::uint32_t count = bundle_->item_count();
  const EmbeddingSignal& embeddings = std::get<EmbeddingSignal>(signals_);
  assert(out.size() >= std::min<std::size_t>(items.size(), count));
  prepare(request);
  shortlist_.set_capacity(std::min<std::size_t>(out.size(), count) + 1);  // never full
  for (const std::uint32_t item : items) {
    if (item >= count || shortlist_.hides(item)) continue;
    shortlist_.consider(item, total(item, embeddings.score(item)));
    shortlist_.hide(item);  // a second mention is passed over
  }
  const std::size_t found = finish(request, out, maker);
  for (const std::uint32_t item : items) {
    if (item < count) shortlist_.show(item);
  }
  return found;
}

std::size_t Ranker::similar(std::uint32_t item, const RankRequest& request, std::span<Ranked> out) {
  assert(item < bundle_->item_count());
  const SessionEvent seed{.item = item};
  return rank(similar_to(seed, request, *bundle_), out);
}

RankRequest similar_to(const SessionEvent& seed, const RankRequest& request, const Bundle& bundle) {
  RankRequest like_this = request;
  like_this.history = {&seed, 1};
  like_this.session_over = false;
  like_this.blend = bundle.settings().similar;
  like_this.exclude_seen = true;
  like_this.by_cosine = true;
  return like_this;
}

/// Hides what must not be shown, and adds up the scores of all sparse signals.
void Ranker::prepare(const RankRequest& request) {
  const std::span<const SessionEvent> running =
      request.session_over ? std::span<const SessionEvent>() : running_session(request.history);
  shortlist_.start(request, running);
  const SignalQuery query{.request = request, .running = running};
  for_each_signal(signals_, [&](auto& signal) {
    signal.prepare(query);
    signal.add_scores(board_);
  });
  score_added();
  for_each_signal(signals_, [&](auto& signal) { signal.add_own_scores(board_); });
}

/// Adds to the board the scores that added items take from known items like them.
void Ranker::score_added() {
  const EmbeddingSignal& embeddings = std::get<EmbeddingSignal>(signals_);
  const AddedItems& added = bundle_->added();
  for (std::uint32_t item = added.first; item < bundle_->item_count(); ++item) {
    float score = 0.0F;
    for (const auto& [known, share] : added.donors_of(item)) {
      score += share * (board_[known] + embeddings.score(known));
    }
    board_.add(item, score);
  }
}

/// The score of an item that embeddings give `embedded`.
float Ranker::total(std::uint32_t item, float embedded) const {
  return board_[item] + embedded + std::get<PopularitySignal>(signals_).score(item);
}

/// Embeddings score every item. What is on the board comes first, as it is likely to raise the bar;
/// the others need a score that lifts them over it.
void Ranker::rank_embedded(const RankRequest& request, std::size_t limit) {
  const EmbeddingSignal& embeddings = std::get<EmbeddingSignal>(signals_);
  const bool refines = embeddings.scorer().refines();
  const std::uint32_t count = bundle_->item_count();
  shortlist_.set_capacity(std::min<std::size_t>(count, layout::searched_list(limit, refines)));
  for (const std::uint32_t item : board_.touched()) {
    shortlist_.consider(item, total(item, embeddings.score(item)));
  }
  if (!rank_few(request.filter)) {
    if (request.by_cosine && !bundle_->partitions().ends.empty()) {
      search(request.filter);
    } else {
      const std::uint32_t known = bundle_->added().first;
      scan(0, known);
      for (std::uint32_t item = known; item < count; ++item) {
        if (board_[item] == 0.0F) shortlist_.consider(item, total(item, 0.0F));
      }
    }
  }
  if (!refines) return;
  // Scores what was kept anew, by all bits.
  shortlist_.rescore(limit,
                     [&](std::uint32_t item) { return total(item, embeddings.score(item)); });
}

/// Goes through the items of the filter's categories or brands, when they are so few that this is
/// faster than a scan. Returns true when it has done so.
bool Ranker::rank_few(const Filter& filter) {
  constexpr std::size_t kOneByOne = 16;  // times as long as in a scan
  const std::span<const ItemGroups::List> lists = groups_.find(filter);
  std::size_t count = 0;
  for (const ItemGroups::List& items : lists) count += items.size();
  if (lists.empty() || kOneByOne * count > bundle_->item_count()) return false;
  for (const ItemGroups::List& items : lists) {
    for (const std::uint32_t item : items) {
      if (board_[item] != 0.0F) continue;
      shortlist_.consider(item, total(item, std::get<EmbeddingSignal>(signals_).score(item)));
    }
  }
  return true;
}

/// The preference that an item needs to enter the list if it is not on the board and popularity
/// gives it `popularity` at most.
float Ranker::least_preference(float popularity) const {
  if (!shortlist_.full()) return -std::numeric_limits<float>::infinity();
  // Leaves room for the rounding of total().
  const float bar = shortlist_.bar();
  return (bar - popularity - 1e-6F * (bar + popularity)) /
         std::get<EmbeddingSignal>(signals_).weight();
}

/// Scans `count` items from `first` on.
void Ranker::scan(std::uint32_t first, std::uint32_t count) {
  constexpr std::uint32_t kFirstBlock = 64;  // without a bar everything is a candidate
  EmbeddingSignal& embeddings = std::get<EmbeddingSignal>(signals_);
  std::array<ScoredItem, EmbeddingScorer::kBlock> near;
  const std::uint32_t end = first + count;
  while (first < end) {
    const std::uint32_t most = shortlist_.full() ? EmbeddingScorer::kBlock : kFirstBlock;
    const std::uint32_t size = std::min(most, end - first);
    const float popularity = std::get<PopularitySignal>(signals_).bound(first, size);
    const std::size_t found =
        embeddings.scorer().scan(first, size, least_preference(popularity), near);
    for (const ScoredItem& scored : std::span(near).first(found)) {
      if (board_[scored.item] != 0.0F) continue;
      shortlist_.consider(scored.item, total(scored.item, embeddings.weight() * scored.score));
    }
    first += size;
  }
}

/// Scans partitions, the nearest first, while their centroids are about as near as an item must be
/// to enter the list. A strict filter lowers that bar, so that more partitions are scanned.
void Ranker::search(const Filter& filter) {
  const EmbeddingScorer& scorer = std::get<EmbeddingSignal>(signals_).scorer();
  const float margin = bundle_->partitions().search.margin;
  const float popularity = std::get<PopularitySignal>(signals_).bound();
  partitions_.start(scorer.query(), scorer.scale());
  while (const auto range = partitions_.next(least_preference(popularity) - margin)) {
    scan(range->first, range->count);
  }
  rank_untouched(filter, true);
}

/// Items that are not on the board score by popularity alone, which never rises on the way: the
/// walk may stop once an item cannot enter the list. An item that a search skipped has no likeness
/// until it turns up here.
void Ranker::rank_untouched(const Filter& filter, bool searched) {
  if (shortlist_.shuts_out(std::get<PopularitySignal>(signals_).bound())) return;
  std::span<ItemGroups::List> lists = groups_.find(filter);
  bool beyond_head = lists.empty();
  ItemGroups::List all;
  if (beyond_head) {
    all = groups_.head();
    lists = {&all, 1};
  }
  for (std::size_t place = 0;;) {
    bool more = false;
    // The first item of every list comes first, then the second ones, so that the bar rises early.
    for (ItemGroups::List& items : lists) {
      if (place >= items.size()) continue;
      more = true;
      const std::uint32_t item = items[place];
      if (board_[item] != 0.0F || (searched && partitions_.visited(item))) continue;
      const float score = total(item, 0.0F);
      if (shortlist_.shuts_out({item, score})) {
        items = {};
        beyond_head = false;
        continue;
      }
      const float preferred =
          searched ? total(item, std::get<EmbeddingSignal>(signals_).score(item)) : score;
      shortlist_.consider(item, preferred);
    }
    if (more) {
      ++place;
    } else if (beyond_head) {  // so little passes that the best-known items do not fill the list
      beyond_head = false;
      all = groups_.all();
    } else {
      return;
    }
  }
}

/// Writes the list, best first, and resets the working memory.
std::size_t Ranker::finish(const RankRequest& request, std::span<Ranked> out, ListMaker* maker) {
  const std::span<const ScoredItem> best = shortlist_.sorted();
  for (std::size_t i = 0; i < best.size(); ++i) {
    Ranked& ranked = out[i];  // reasons beyond reason_count are left as they are
    ranked.item = best[i].item;
    ranked.score = best[i].score;
    ranked.reason_count = 0;
    ranked.propensity = 1.0F;
  }
  std::span<Ranked> list = out.first(best.size());
  if (maker != nullptr) list = maker->make_list(list);
  if (request.explain) explainer_.explain(request, signals_, board_, list);
  board_.clear();
  shortlist_.finish();
  return best.size();
}

}  // namespace vitrine
