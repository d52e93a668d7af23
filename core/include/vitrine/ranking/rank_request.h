#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "vitrine/format/bundle.h"
#include "vitrine/format/signals.h"
#include "vitrine/ranking/filter.h"
#include "vitrine/ranking/rules.h"
#include "vitrine/ranking/session.h"

namespace vitrine {

/// A part of a score.
struct Reason {
  ReasonKind kind = ReasonKind::kOther;
  std::uint32_t item = 0;  // the item that a signal started from, see layout::names_item; the
                           // rule's place among the request's, for kRule
  float score = 0.0F;
};

inline constexpr std::size_t kMaxReasons = 4;

/// One place of a list. The reasons add up to the score, up to float rounding.
struct Ranked {
  std::uint32_t item = 0;
  float score = 0.0F;
  std::uint32_t reason_count = 0;
  std::array<Reason, kMaxReasons> reasons{};  // largest first
  float propensity = 1.0F;                    // see Arranger::arrange; Ranker leaves it at 1
};

struct RankRequest {
  std::span<const SessionEvent> history;   // oldest first; items must be below item_count
  bool session_over = false;               // all of `history` lies in earlier sessions
  std::span<const std::uint32_t> exclude;  // never shown
  Filter filter;
  std::span<const Rule> rules;  // at most kMaxRules
  layout::Blend blend;          // as a rule bundle.settings().recommend
  bool exclude_seen = false;    // leave out what the running session has had
  bool explain = false;         // fill in reasons
  bool by_cosine = false;  // embeddings compare with the last event's item instead of folding in
};

/// The request with which Ranker::rank gives items like that of `seed`, without it. Of `request`
/// the history, the blend and `exclude_seen` are replaced. `seed` must outlive what comes back.
[[nodiscard]] RankRequest similar_to(const SessionEvent& seed, const RankRequest& request,
                                     const Bundle& bundle);

}  // namespace vitrine
