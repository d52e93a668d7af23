#pragma once

#include <cstdint>

#include "model/session_table.h"

namespace vitrine::recommend {

/// Returns sets of at least two items, each of which at least `min_shoppers` distinct shoppers had
/// in one session, in the place of the sessions of single shoppers. Each set stands once.
///
/// Starting from the rarest item of a session, the item that most shoppers share with those so far
/// is added, while enough of them are left. Time: for each session, the sum of the sessions with
/// its rarest item.
///
/// `sessions`: with shoppers; none there: each session is of another one. In the order of time; the
/// sets are in the order of the latest session that each comes from. `item_count`: numbers of items
/// are below it.
[[nodiscard]] model::SessionTable shared_sets(const model::SessionTable& sessions,
                                              std::uint32_t item_count, std::uint32_t min_shoppers);

}  // namespace vitrine::recommend
