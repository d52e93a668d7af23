#pragma once

#include <cstdint>
#include <vector>

#include "model/session_entry.h"
#include "recommend/models/content_vectors.h"

namespace vitrine::recommend {

/// Estimates session entries for items without sessions from the entries of alike items.
///
/// The weight of i -> j is the mean of i -> a over the items a that are like j. The weight of j ->
/// t is the mean of a -> t. When i is itself like j, only the other alike items count, because i ->
/// i is a return and not a transition. The weight of j -> j is the mean of a -> a. Rows are
/// computed after columns, so that they can lead to other new items too. For each item the `most`
/// largest weights are kept in either direction, times `weight`; fewer where very many items
/// borrow, since a bundle has no room for more than a few millions. Of the new items after an item
/// a, only the largest few hundred count for the means. So the time grows with the number of new
/// items, and not with its square: few items with sessions may lend to a large catalogue without
/// any.
///
/// `rows` must be sorted by source, then target. It has the items before the first new one, whose
/// number is `first`. Returns the entries to add in the same order.
[[nodiscard]] std::vector<model::SessionEntry> borrow_rows(
    const std::vector<model::SessionEntry>& rows, const AlikeItems& alike, std::uint32_t first,
    std::uint32_t most, float weight);

}  // namespace vitrine::recommend
