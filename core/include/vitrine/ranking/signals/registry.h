#pragma once

#include <tuple>
#include <type_traits>

#include "vitrine/ranking/signals/embedding_signal.h"
#include "vitrine/ranking/signals/neighbour_signal.h"
#include "vitrine/ranking/signals/popularity_signal.h"
#include "vitrine/ranking/signals/session_row_signal.h"
#include "vitrine/ranking/signals/trending_signal.h"

namespace vitrine {

/// All signals, in the order in which their scores are added up and explained.
using Signals = std::tuple<PopularitySignal, SessionRowSignal, NeighbourSignal, EmbeddingSignal,
                           TrendingSignal>;
static_assert(std::tuple_size_v<Signals> == std::size(layout::kSignals));

/// The signals of a bundle, which must outlive them.
inline Signals signals_of(const Bundle& bundle) {
  return [&bundle]<class... One>(std::type_identity<std::tuple<One...>>) {
    return std::tuple<One...>(One(bundle)...);
  }(std::type_identity<Signals>());
}

/// Calls visit(signal) for each.
template <class Visit>
void for_each_signal(Signals& signals, const Visit& visit) {
  std::apply([&visit](auto&... one) { (visit(one), ...); }, signals);
}

}  // namespace vitrine
