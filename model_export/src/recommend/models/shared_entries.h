#pragma once

#include <vector>

#include "model/pair_statistics.h"
#include "model/session_entry.h"

namespace vitrine::recommend {

/// Removes entries that no pair of `pairs` stands behind, and those whose order no pair has: a
/// model of sequences also tells of pairs and orders of which only few shoppers know. Where a pair
/// has no order (both have the same weight), both entries get their mean.
///
/// `entries`: sorted by target, then source; they stay so.
void keep_shared_entries(std::vector<model::SessionEntry>& entries,
                         const model::PairStatistics& pairs);

}  // namespace vitrine::recommend
