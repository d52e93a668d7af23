#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/rank_request.h"
#include "vitrine/ranking/score_board.h"
#include "vitrine/ranking/session.h"

namespace vitrine {

/// The items that a signal starts from.
struct Sources {
  std::array<Source, Session::kCapacity> items;
  std::size_t count = 0;
  [[nodiscard]] std::span<const Source> view() const { return {items.data(), count}; }
};

/// A ranking that begins, as signals see it.
struct SignalQuery {
  const RankRequest& request;
  std::span<const SessionEvent> running;  // events of the running session

  /// Weighs the history: the weight of an event is `decay` times that of the next one.
  void weigh(const layout::Settings& settings, float decay, Sources& sources) const {
    sources.count = weigh_history(request.history, request.session_over,
                                  {decay, settings.session_decay, settings.opening_decay},
                                  settings.kind_weights, sources.items);
  }
};

/// An item of a list whose score is being explained.
struct ExplainedItem {
  std::size_t place;  // among those that read_parts() was given
  std::uint32_t item;
  const AddedItems::Donors& donors;  // the known items that it borrows scores from
};

/// The parts of one score, in the order in which signals gave them.
class ReasonParts {
 public:
  /// Leaves out parts of 0.
  void add(Reason reason) {
    if (reason.score != 0.0F) parts_[count_++] = reason;
  }
  void clear() { count_ = 0; }
  [[nodiscard]] std::span<Reason> view() { return {parts_.data(), count_}; }

 private:
  std::array<Reason, std::size(layout::kSignals) * Session::kCapacity + kMaxRules> parts_;
  std::size_t count_ = 0;
};

/// One source of scores, a base of the classes in this folder. A ranking calls prepare(),
/// add_scores() and add_own_scores() once, in this order, before it looks at items, and
/// read_parts() and explain() after. A class has a constructor from a Bundle and hides what it has
/// an answer to: the calls are not virtual, since the list of all signals is known to the compiler
/// (registry.h).
///
/// A sparse signal puts its scores on the board. A dense one has a score for nearly every item: the
/// board would lose its sense, so Ranker asks it for the scores of blocks of items, or their bound.
class Signal {
 public:
  /// Items that are explained at a time.
  static constexpr std::size_t kExplained = 24;

  /// Takes the signal's weight and what it starts from out of the request.
  void prepare(const SignalQuery& /*query*/) {}

  /// Adds weight times score. Items that an overlay added borrow what known items have then.
  void add_scores(ScoreBoard& /*board*/) const {}

  /// Adds what no other item borrows, of added items too.
  void add_own_scores(ScoreBoard& /*board*/) const {}

  /// Reads what explain() needs of up to kExplained items at once. It may clear and use the board.
  void read_parts(std::span<const Ranked> /*list*/, ScoreBoard& /*board*/) {}

  /// Adds the parts of the item's score that come from this signal.
  void explain(const ExplainedItem& /*explained*/, ReasonParts& /*parts*/) {}
};

}  // namespace vitrine
