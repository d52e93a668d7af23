#pragma once

#include <cstdint>
#include <vector>

#include "model/session_entry.h"
#include "recommend/models/content_vectors.h"

namespace vitrine::recommend {

/// Session entries for items that no session has: what they would about be, by the items alike.
///
/// The weight of i -> j is the mean of i -> a over the items a that are like j, and that of j -> t
/// the mean of a -> t; an item that is like j itself counts with the others alone, since a -> a is
/// a return and no transition. j -> j is the mean of a -> a. Rows are filled in after columns, so
/// that they lead to other such items too. Of each item the `most` largest are kept in either
/// direction, times `weight`.
///
/// `rows`: sorted by source, then target; of items before the first receiver, whose number is
/// `first`. Returns the entries to add, sorted alike.
[[nodiscard]] std::vector<model::SessionEntry> borrow_rows(
    const std::vector<model::SessionEntry>& rows, const AlikeItems& alike, std::uint32_t first,
    std::uint32_t most, float weight);

}  // namespace vitrine::recommend
