#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/filter.h"
#include "vitrine/ranking/rank_request.h"
#include "vitrine/ranking/rules.h"
#include "vitrine/ranking/top_list.h"

namespace vitrine {

/// The best items so far that a request lets into its list, their scores as its rules have them.
class Shortlist {
 public:
  /// `bundle` must outlive this. Allocates a byte an item.
  explicit Shortlist(const Bundle& bundle)
      : bundle_(&bundle), hidden_(bundle.item_count()), best_(bundle.popularity()) {}

  /// Begins a ranking: hides what the request excludes, and with exclude_seen the items of the
  /// `running` session. `request` must stay until finish().
  void start(const RankRequest& request, std::span<const SessionEvent> running);
  /// Begins a list of at most so many.
  void set_capacity(std::size_t capacity) { best_.start(capacity); }

  [[nodiscard]] bool full() const { return best_.full(); }
  /// Returns true when no item that scores `score` before rules gets in.
  [[nodiscard]] bool shuts_out(float score) const {
    return full() && score * lift_ < best_.worst().score;
  }
  /// The same of what stands behind `candidate` in the total order.
  [[nodiscard]] bool shuts_out(const ScoredItem& candidate) const {
    return full() && !best_.before({candidate.item, lift_ * candidate.score}, best_.worst());
  }
  /// No item gets in that scores less before rules; minus infinity while there is room.
  [[nodiscard]] float bar() const {
    return full() ? best_.worst().score / lift_ : -std::numeric_limits<float>::infinity();
  }

  /// Keeps the item if it may be shown and is among the best.
  void consider(std::uint32_t item, float score) {
    if (shuts_out(score) || hides(item)) return;
    const Catalog& catalog = bundle_->catalog();
    if (!passes(request_->filter, catalog, item)) return;
    if (!request_->rules.empty()) score *= factor_of(request_->rules, catalog, item);
    best_.push({item, score});
  }
  /// Passes the item over from now on.
  void hide(std::uint32_t item) { hidden_[item] = 1; }
  void show(std::uint32_t item) { hidden_[item] = 0; }
  [[nodiscard]] bool hides(std::uint32_t item) const { return hidden_[item] != 0; }

  /// Scores all candidates anew, by score_of(item), and keeps the best `count`.
  template <class Score>
  void rescore(std::size_t count, const Score& score_of) {
    best_.rescore(count, [&](std::uint32_t item) {
      return score_of(item) * factor_of(request_->rules, bundle_->catalog(), item);
    });
  }

  /// The list, best first. Nothing may be considered after it.
  [[nodiscard]] std::span<const ScoredItem> sorted() {
    best_.sort();
    return best_.view();
  }
  /// Shows again what start() hid.
  void finish();

 private:
  const Bundle* bundle_;
  const RankRequest* request_ = nullptr;
  float lift_ = 1.0F;                 // no rule of the request lifts a score by more
  std::vector<std::uint8_t> hidden_;  // 1 where excluded, seen or already placed; 0 between calls
  TopList best_;
};

}  // namespace vitrine
