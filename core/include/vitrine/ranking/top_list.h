#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vitrine/format/popularity.h"
#include "vitrine/ranking/score_board.h"

namespace vitrine {

/// The best of all candidates so far, of a given number. The order is total: higher score first,
/// then the more popular item, then the lower item number.
class TopList {
 public:
  /// `popularity` must outlive this.
  explicit TopList(const Popularity& popularity) : popularity_(&popularity) {}

  /// Begins anew with room for `capacity` candidates. Allocates when no list before was as long.
  void start(std::size_t capacity) {
    capacity_ = capacity;
    items_.clear();
    items_.reserve(capacity);
  }

  /// Returns true when a candidate must be better than the worst one.
  [[nodiscard]] bool full() const { return items_.size() == capacity_; }
  /// Precondition: full(), and the capacity is not 0.
  [[nodiscard]] const ScoredItem& worst() const { return items_.front(); }
  /// Returns true when `a` stands before `b`.
  [[nodiscard]] bool before(const ScoredItem& a, const ScoredItem& b) const {
    return a.score != b.score ? a.score > b.score : popularity_->before(a.item, b.item);
  }

  /// Keeps the candidate if it is among the best. O(log capacity); precondition: not sorted yet.
  void push(ScoredItem candidate);

  /// Gives each candidate the score that `score_of(item)` returns, and keeps the best `count`.
  template <class Score>
  void rescore(std::size_t count, const Score& score_of) {
    for (ScoredItem& candidate : items_) candidate.score = score_of(candidate.item);
    sort();
    while (items_.size() > count) items_.pop_back();
  }

  /// Puts the best first. O(size log size).
  void sort();
  [[nodiscard]] std::span<const ScoredItem> view() const { return items_; }

 private:
  void heapify();
  void sink(std::size_t place, ScoredItem candidate, std::size_t size);

  const Popularity* popularity_;
  std::size_t capacity_ = 0;
  std::vector<ScoredItem> items_;  // a heap with the worst on top once it is full
};

}  // namespace vitrine
