#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "vitrine/ranking/ranker.h"

namespace vitrine {

/// The page's knowledge about a shopper without a history.
struct Context {
  std::optional<std::uint32_t> landing;       // the item that the page shows; below item_count
  std::span<const std::uint32_t> categories;  // those that it shows
  std::span<const std::uint32_t> market;      // of where the shopper is, as Markets::of says
};

/// Ranks for a first visit from the context of the page. The item that the page shows counts as a
/// view. Without it, items of its categories come before equally popular items of other categories,
/// and among these the best-known items of the shopper's market come first. The context has no
/// effect for a shopper with a history.
class FirstVisit {
 public:
  /// An item of another category comes first only when it is this many times as popular.
  static constexpr float kFactor = 64.0F;

  /// `request` with the context in it; up to three rules stand behind its own, while there are
  /// fewer than kMaxRules. What comes back looks into this and into what `request` and `context`
  /// look into.
  [[nodiscard]] RankRequest with(const RankRequest& request, const Context& context);

 private:
  SessionEvent view_;
  std::array<Rule, kMaxRules> rules_;
};

}  // namespace vitrine
