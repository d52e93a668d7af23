#pragma once

#include <array>

#include "vitrine/ranking/signals/signal.h"

namespace vitrine {

/// Scores the items that shoppers went on to from the history: the sum of its rows, each times its
/// weight, which is the sparse linear session model of SLIST (Choi et al., WWW 2021). Sparse.
class SessionRowSignal : public Signal {
 public:
  explicit SessionRowSignal(const Bundle& bundle) : bundle_(&bundle) {}

  /// O(entries of the rows) for all calls, explain() O(sources).
  void prepare(const SignalQuery& query);
  void add_scores(ScoreBoard& board) const;
  void add_own_scores(ScoreBoard& board) const;
  void read_parts(std::span<const Ranked> list, ScoreBoard& board);
  void explain(const ExplainedItem& explained, ReasonParts& parts) const;

 private:
  void add_row(std::uint32_t item, float weight, ScoreBoard& board) const;
  [[nodiscard]] float repeat_weight(const Source& source) const;

  const Bundle* bundle_;
  float weight_ = 0.0F;
  Sources sources_;
  // The entry for each of the items that are explained at a time in the row of each source.
  std::array<std::array<float, Session::kCapacity>, kExplained> parts_;
};

}  // namespace vitrine
