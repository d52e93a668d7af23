#pragma once

#include <array>

#include "vitrine/ranking/session_neighbours.h"
#include "vitrine/ranking/signals/signal.h"

namespace vitrine {

/// Scores the items of past sessions that are like the running one. Sparse.
class NeighbourSignal : public Signal {
 public:
  /// Allocates what NeighbourScorer does.
  explicit NeighbourSignal(const Bundle& bundle)
      : bundle_(&bundle), scorer_(bundle.session_sample(), bundle.settings().neighbours) {}

  void prepare(const SignalQuery& query);
  void add_scores(ScoreBoard& board) const;
  void explain(const ExplainedItem& explained, ReasonParts& parts) const;

 private:
  [[nodiscard]] std::span<const SessionEvent> known(std::span<const SessionEvent> events);

  const Bundle* bundle_;
  NeighbourScorer scorer_;
  float weight_ = 0.0F;
  std::array<SessionEvent, Session::kCapacity> known_;
};

}  // namespace vitrine
