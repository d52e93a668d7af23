#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace vitrine {

/// An item and what it scores.
struct ScoredItem {
  std::uint32_t item;
  float score;
};

/// Scores per item that stay sparse while few items are touched.
class ScoreBoard {
 public:
  /// Starts with all scores 0. Allocates 8 bytes an item, and nothing later.
  explicit ScoreBoard(std::uint32_t item_count);

  /// Precondition: amount >= 0, so that a touched score never returns to 0.
  void add(std::uint32_t item, float amount) {
    const float before = scores_[item];
    const float after = before + amount;
    scores_[item] = after;
    // This has no branch, because nothing predicts which items come a second time.
    touched_[touched_count_] = item;
    touched_count_ +=
        static_cast<std::size_t>(before == 0.0F) & static_cast<std::size_t>(after != 0.0F);
  }
  [[nodiscard]] float operator[](std::uint32_t item) const { return scores_[item]; }
  /// Items whose score is not 0, in the order of their first touch.
  [[nodiscard]] std::span<const std::uint32_t> touched() const {
    return {touched_.get(), touched_count_};
  }
  /// O(touched).
  void clear();

 private:
  std::vector<float> scores_;
  std::unique_ptr<std::uint32_t[]> touched_;  // [n + 1], of which touched_count_ count
  std::size_t touched_count_ = 0;
};

}  // namespace vitrine
