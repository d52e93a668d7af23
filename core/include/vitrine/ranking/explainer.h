#pragma once

#include <span>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/rank_request.h"
#include "vitrine/ranking/score_board.h"
#include "vitrine/ranking/signals/registry.h"

namespace vitrine {

/// Fills in the reasons of a list: the largest parts of each score, and the rest as one.
class Explainer {
 public:
  /// `bundle` must outlive this.
  explicit Explainer(const Bundle& bundle) : bundle_(&bundle) {}

  /// `signals` are as they were when the list was scored. Clears and uses `board`.
  void explain(const RankRequest& request, Signals& signals, ScoreBoard& board,
               std::span<Ranked> list);

 private:
  void add_rules(std::span<const Rule> rules, std::uint32_t item);
  void keep_largest(Ranked& ranked);

  const Bundle* bundle_;
  ReasonParts parts_;  // of the score that is explained
};

}  // namespace vitrine
