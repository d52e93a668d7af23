#pragma once

#include "vitrine/ranking/signals/signal.h"

namespace vitrine {

/// Scores each item by how much it is viewed of late. Dense: a score for every item, the same for
/// every shopper. Lists that no other signal fills are in its order.
class PopularitySignal : public Signal {
 public:
  explicit PopularitySignal(const Bundle& bundle) : bundle_(&bundle) {}

  void prepare(const SignalQuery& query) { weight_ = query.request.blend.popularity; }
  void explain(const ExplainedItem& explained, ReasonParts& parts) const {
    parts.add({.kind = ReasonKind::kPopularity, .score = score(explained.item)});
  }

  [[nodiscard]] float score(std::uint32_t item) const {
    return weight_ * bundle_->popularity().share(item);
  }
  /// No item scores more.
  [[nodiscard]] float bound() const { return weight_; }
  /// None of the `count` items from `first` on scores more. O(count).
  [[nodiscard]] float bound(std::uint32_t first, std::uint32_t count) const {
    return weight_ > 0.0F ? weight_ * bundle_->popularity().most(first, count) : 0.0F;
  }

 private:
  const Bundle* bundle_;
  float weight_ = 0.0F;
};

}  // namespace vitrine
