#pragma once

#include <vector>

#include "vitrine/ranking/signals/signal.h"

namespace vitrine {

/// Scores items that are viewed more of late than before. Sparse: few items of a shop trend.
class TrendingSignal : public Signal {
 public:
  /// Allocates 4 bytes for each item that trends.
  explicit TrendingSignal(const Bundle& bundle) : rates_(bundle.trend()) {
    for (std::uint32_t item = 0; item < rates_.size(); ++item) {
      if (rates_[item] != 0) trending_.push_back(item);
    }
  }

  void prepare(const SignalQuery& query) { weight_ = query.request.blend.trending; }
  /// Nothing is borrowed: an added item does not trend because one like it does. O(trending items).
  void add_own_scores(ScoreBoard& board) const {
    if (!(weight_ > 0.0F)) return;
    for (const std::uint32_t item : trending_) board.add(item, score(item));
  }
  void explain(const ExplainedItem& explained, ReasonParts& parts) const {
    if (explained.item >= rates_.size()) return;
    parts.add({.kind = ReasonKind::kTrending, .score = score(explained.item)});
  }

 private:
  [[nodiscard]] float score(std::uint32_t item) const {
    return weight_ * (static_cast<float>(rates_[item]) / 255.0F);
  }

  std::span<const std::uint8_t> rates_;
  std::vector<std::uint32_t> trending_;  // items whose rate is not 0
  float weight_ = 0.0F;
};

}  // namespace vitrine
