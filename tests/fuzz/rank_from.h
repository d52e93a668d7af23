#pragma once

#include <array>

#include "vitrine/vitrine.h"

namespace vitrine::fuzz {

/// Asks for lists that go through every scorer, from the first and the last item on.
inline void rank_from(const Bundle& bundle) {
  const std::uint32_t last = bundle.item_count() - 1;
  const SessionEvent history[] = {{.item = 0}, {.item = last}};
  layout::Blend blend = bundle.settings().recommend;
  blend.embeddings = 1.0F;
  blend.neighbours = 1.0F;
  blend.trending = 1.0F;
  std::array<Ranked, 20> list;
  Ranker ranker(bundle);
  const std::size_t count =
      ranker.rank({.history = history, .blend = blend, .explain = true}, list);
  if (count > bundle.item_count()) __builtin_trap();
  (void)ranker.similar(last, {.explain = true}, list);
  FirstVisit visit;
  const Context context{.market = bundle.markets().of(0)};
  (void)ranker.rank(visit.with({.blend = blend, .explain = true}, context), list);
}

}  // namespace vitrine::fuzz
