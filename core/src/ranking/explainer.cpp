#include "vitrine/ranking/explainer.h"

#include <algorithm>
#include <cmath>

namespace vitrine {

// Kept out of its caller, which is called for each list; this is not.
[[gnu::noinline]] void Explainer::explain(const RankRequest& request, Signals& signals,
                                          ScoreBoard& board, std::span<Ranked> list) {
  while (!list.empty()) {
    const std::span<Ranked> some = list.first(std::min(list.size(), Signal::kExplained));
    list = list.subspan(some.size());
    for_each_signal(signals, [&](auto& signal) { signal.read_parts(some, board); });
    for (std::size_t place = 0; place < some.size(); ++place) {
      const std::uint32_t item = some[place].item;
      const AddedItems::Donors donors = bundle_->added().donors_of(item);
      const ExplainedItem explained{.place = place, .item = item, .donors = donors};
      parts_.clear();
      for_each_signal(signals, [&](auto& signal) { signal.explain(explained, parts_); });
      add_rules(request.rules, item);
      keep_largest(some[place]);
    }
  }
}

/// Starts from the score without rules, which the rules were applied to one after the other.
void Explainer::add_rules(std::span<const Rule> rules, std::uint32_t item) {
  float score = 0.0F;
  for (const Reason& part : parts_.view()) score += part.score;
  for (std::uint32_t r = 0; r < rules.size(); ++r) {
    if (!fits(rules[r], bundle_->catalog(), item)) continue;
    parts_.add({.kind = ReasonKind::kRule, .item = r, .score = score * (rules[r].factor - 1.0F)});
    score *= rules[r].factor;
  }
}

/// Keeps the largest parts, whichever their sign; the rest, and the rounding of codes, go into one.
void Explainer::keep_largest(Ranked& ranked) {
  const std::span<Reason> parts = parts_.view();
  const std::size_t kept = std::min(parts.size(), kMaxReasons - 1);
  std::partial_sort(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(kept), parts.end(),
                    [](const Reason& a, const Reason& b) {
                      const float x = std::fabs(a.score);
                      const float y = std::fabs(b.score);
                      return x != y ? x > y : a.item < b.item;
                    });
  float explained = 0.0F;
  for (std::size_t i = 0; i < kept; ++i) {
    ranked.reasons[i] = parts[i];
    explained += parts[i].score;
  }
  ranked.reason_count = static_cast<std::uint32_t>(kept);
  const float rest = ranked.score - explained;
  if (std::fabs(rest) > 1e-6F * std::fabs(ranked.score)) {
    ranked.reasons[kept] = {.kind = ReasonKind::kOther, .score = rest};
    ++ranked.reason_count;
  }
}

}  // namespace vitrine
