#pragma once

#include "vitrine/ranking/embedding_scorer.h"
#include "vitrine/ranking/signals/signal.h"

namespace vitrine {

/// Scores items near the shopper, or near an item, in embedding space. Dense: when active it has
/// a score for every known item; those of many are found by a scan.
class EmbeddingSignal : public Signal {
 public:
  /// Allocates what EmbeddingScorer does.
  explicit EmbeddingSignal(const Bundle& bundle) : bundle_(&bundle), scorer_(bundle.embeddings()) {}

  void prepare(const SignalQuery& query);
  void explain(const ExplainedItem& explained, ReasonParts& parts) const;

  /// Returns true when there is a query to compare items with.
  [[nodiscard]] bool active() const { return active_; }
  /// The score of a known item; 0 while this is not active, and for added ones, which borrow.
  [[nodiscard]] float score(std::uint32_t item) const {
    return active_ && item < bundle_->added().first ? weight_ * scorer_.score(item) : 0.0F;
  }
  [[nodiscard]] float weight() const { return weight_; }
  /// For scans. Its scores are without weight.
  [[nodiscard]] EmbeddingScorer& scorer() { return scorer_; }
  [[nodiscard]] const EmbeddingScorer& scorer() const { return scorer_; }

 private:
  const Bundle* bundle_;
  EmbeddingScorer scorer_;
  float weight_ = 0.0F;
  bool active_ = false;
  Sources sources_;
  Sources known_;  // the same, with known items in the place of added ones
};

}  // namespace vitrine
