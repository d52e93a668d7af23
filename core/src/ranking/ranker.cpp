#include "vitrine/ranking/ranker.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace vitrine {

// Once for each bundle.
[[gnu::cold]] Ranker::Ranker(const Bundle& bundle)
    : bundle_(&bundle),
      board_(bundle.item_count()),
      neighbours_(bundle.session_sample(), bundle.settings().neighbours),
      embedding_(bundle.embeddings()),
      partitions_(bundle.partitions()),
      groups_(bundle),
      hidden_(bundle.item_count()) {}

std::size_t Ranker::rank(const RankRequest& request, std::span<Ranked> out, ListMaker* maker) {
  prepare(request);
  const std::uint32_t count = bundle_->item_count();
  const std::size_t limit = std::min<std::size_t>(out.size(), count);
  heap_.reserve(limit);
  if (limit > 0 && embedded_) {
    rank_all(request, limit);
  } else if (limit > 0) {
    float bar = -std::numeric_limits<float>::infinity();
    for (const std::uint32_t item : board_.touched()) {
      // No item has more than the whole share of what is popular, and rounding keeps the order.
      if ((board_[item] + request.blend.popularity) * lift_ < bar) continue;
      consider(request, {item, total(request, item, 0.0F)}, limit);
      if (heap_.size() == limit) bar = heap_.front().score;
    }
    rank_untouched(request, limit, false);
  }
  return finish(request, out, maker);
}

/// Embeddings speak for every item. What rows and neighbours touched comes first, as it is likely
/// to raise the bar; the others need a preference that lifts them over it.
void Ranker::rank_all(const RankRequest& request, std::size_t limit) {
  const std::size_t kept = std::min<std::size_t>(
      bundle_->item_count(), layout::searched_list(limit, embedding_.refines()));
  heap_.reserve(kept);
  for (const std::uint32_t item : board_.touched()) {
    consider(request, {item, total(request, item, preference(item))}, kept);
  }
  if (!rank_few(request, kept)) rank_many(request, kept);
  if (embedding_.refines()) refine(request, limit);
}

void Ranker::rank_many(const RankRequest& request, std::size_t limit) {
  if (request.by_cosine && !bundle_->partitions().ends.empty()) return search(request, limit);
  const std::uint32_t known = bundle_->added().first;
  scan(request, 0, known, limit);
  for (std::uint32_t item = known; item < bundle_->item_count(); ++item) {
    if (board_[item] == 0.0F) consider(request, {item, total(request, item, 0.0F)}, limit);
  }
}

/// Goes through what the filter's categories or brands have, where that is so little that one by
/// one takes less than a scan. Returns whether it did.
bool Ranker::rank_few(const RankRequest& request, std::size_t limit) {
  constexpr std::size_t kOneByOne = 16;  // times as long as in a scan
  const std::span<const ItemGroups::List> lists = groups_.find(request.filter);
  std::size_t count = 0;
  for (const ItemGroups::List& items : lists) count += items.size();
  if (lists.empty() || kOneByOne * count > bundle_->item_count()) return false;
  for (const ItemGroups::List& items : lists) {
    for (const std::uint32_t item : items) {
      if (board_[item] != 0.0F) continue;
      consider(request, {item, total(request, item, preference(item))}, limit);
    }
  }
  return true;
}

/// The preference that an item needs to enter the list if no row touched it and its popularity is
/// `popularity` at most.
float Ranker::least_preference(const RankRequest& request, std::size_t limit,
                               float popularity) const {
  if (heap_.size() < limit) return -std::numeric_limits<float>::infinity();
  // With room for the rounding of total().
  const float bar = heap_.front().score / lift_;
  const float share = request.blend.popularity * popularity;
  return (bar - share - 1e-6F * (bar + share)) / request.blend.embeddings;
}

/// Goes through `count` items from `first` on.
void Ranker::scan(const RankRequest& request, std::uint32_t first, std::uint32_t count,
                  std::size_t limit) {
  constexpr std::uint32_t kFirstBlock = 64;  // without a bar everything is a candidate
  std::array<ScoredItem, EmbeddingScorer::kBlock> near;
  const std::uint32_t end = first + count;
  while (first < end) {
    const std::uint32_t most = heap_.size() < limit ? kFirstBlock : EmbeddingScorer::kBlock;
    const std::uint32_t size = std::min(most, end - first);
    const float popularity =
        request.blend.popularity > 0.0F ? bundle_->popularity().most(first, size) : 0.0F;
    const std::size_t found =
        embedding_.scan(first, size, least_preference(request, limit, popularity), near);
    for (const ScoredItem& scored : std::span(near).first(found)) {
      if (board_[scored.item] != 0.0F) continue;
      const float score = total(request, scored.item, scored.score);
      if (heap_.size() == limit && score * lift_ < heap_.front().score) continue;
      consider(request, {scored.item, score}, limit);
    }
    first += size;
  }
}

/// Scans partitions, the nearest first, as long as their centroids lie about as near as an item
/// must to enter the list. A filter that lets little pass lowers that bar, so that more is looked
/// at.
void Ranker::search(const RankRequest& request, std::size_t limit) {
  const float margin = bundle_->partitions().search.margin;
  partitions_.start(embedding_.query(), embedding_.scale());
  while (const auto range = partitions_.next(least_preference(request, limit, 1.0F) - margin)) {
    scan(request, range->first, range->count, limit);
  }
  rank_untouched(request, limit, true);
}

/// Scores what was kept anew, by all bits, and keeps the best `limit` of it.
void Ranker::refine(const RankRequest& request, std::size_t limit) {
  for (Candidate& candidate : heap_) {
    candidate.score = total(request, candidate.item, preference(candidate.item)) *
                      factor_of(request.rules, bundle_->catalog(), candidate.item);
  }
  sort();
  while (heap_.size() > limit) heap_.pop_back();
}

std::size_t Ranker::rerank(std::span<const std::uint32_t> items, const RankRequest& request,
                           std::span<Ranked> out, ListMaker* maker) {
  assert(out.size() >= std::min<std::size_t>(items.size(), bundle_->item_count()));
  prepare(request);
  const std::size_t limit = std::min<std::size_t>(out.size(), bundle_->item_count());
  heap_.reserve(limit);
  for (const std::uint32_t item : items) {
    if (item >= bundle_->item_count() || hidden_[item] != 0) continue;
    const float score = total(request, item, embedded_ ? preference(item) : 0.0F);
    consider(request, {item, score}, limit + 1);  // all of them: never full
    hidden_[item] = kHidden;                      // a second mention is passed over
  }
  const std::size_t count = finish(request, out, maker);
  for (const std::uint32_t item : items) {
    if (item < bundle_->item_count()) hidden_[item] = 0;
  }
  return count;
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

/// What embeddings say of an item; what they say of an added one is on the board.
float Ranker::preference(std::uint32_t item) const {
  return item < bundle_->added().first ? embedding_.score(item) : 0.0F;
}

float Ranker::total(const RankRequest& request, std::uint32_t item, float preference) const {
  return board_[item] + request.blend.embeddings * preference +
         request.blend.popularity * bundle_->popularity().share(item);
}

/// Whether `a` stands before `b` in a list: the total order of all rankings.
bool Ranker::before(const Candidate& a, const Candidate& b) const {
  return a.score != b.score ? a.score > b.score : bundle_->popularity().before(a.item, b.item);
}

/// Keeps the candidate, its score as the rules have it, if it may be shown and is among the best
/// `limit` so far.
void Ranker::consider(const RankRequest& request, Candidate candidate, std::size_t limit) {
  const bool full = heap_.size() == limit;
  if (full && candidate.score * lift_ < heap_.front().score) return;
  if (hidden_[candidate.item] != 0) return;
  if (!passes(request.filter, bundle_->catalog(), candidate.item)) return;
  if (!request.rules.empty()) {
    candidate.score *= factor_of(request.rules, bundle_->catalog(), candidate.item);
  }
  if (!full) {
    heap_.push_back(candidate);
    if (heap_.size() < limit) return;
    for (std::size_t place = limit / 2; place-- > 0;) sink(place, heap_[place]);
  } else if (before(candidate, heap_.front())) {
    sink(0, candidate);
  }
}

/// Puts the best first. A merge sort from the bottom up: what is taken next decides no branch.
void Ranker::sort() {
  const std::size_t count = heap_.size();
  if (sorted_size_ < count) {
    sorted_ = std::make_unique_for_overwrite<Candidate[]>(count);
    sorted_size_ = count;
  }
  Candidate* from = heap_.data();
  Candidate* to = sorted_.get();
  for (std::size_t width = 1; width < count; width *= 2) {
    for (std::size_t first = 0; first < count; first += 2 * width) {
      std::size_t left = first;
      const std::size_t middle = std::min(first + width, count);
      std::size_t right = middle;
      const std::size_t end = std::min(middle + width, count);
      for (std::size_t place = first; place < end; ++place) {
        const bool take_right = left == middle || (right < end && before(from[right], from[left]));
        to[place] = from[take_right ? right : left];
        right += take_right ? 1 : 0;
        left += take_right ? 0 : 1;
      }
    }
    std::swap(from, to);
  }
  if (from != heap_.data()) std::copy_n(from, count, to);
}

/// Puts the candidate at `place` of the heap or below it, where what stands worse comes up.
void Ranker::sink(std::size_t place, Candidate candidate) {
  for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    if (child + 1 < heap_.size() && before(heap_[child], heap_[child + 1])) ++child;
    if (!before(candidate, heap_[child])) break;
    heap_[place] = heap_[child];
    place = child;
  }
  heap_[place] = candidate;
}

}  // namespace vitrine
