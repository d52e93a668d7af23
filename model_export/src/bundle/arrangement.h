#pragma once

#include <cstdint>
#include <vector>

#include "model/session_entry.h"

namespace vitrine::bundle {

/// Numbers items so that items that occur together in session rows have near numbers: result[i] is
/// the number of item i. Recursive graph bisection (Dhulipala, Kabiljo, Karrer, Ottaviano, Pupyrev,
/// Shalita: Compressing Graphs and Indexes with Recursive Graph Bisection, KDD 2016). Items without
/// entries come last, in their order. The result does not depend on `threads`. O(entries *
/// log(items)), about 2 seconds for a million entries on one thread.
[[nodiscard]] std::vector<std::uint32_t> arrange(const std::vector<model::SessionEntry>& entries,
                                                 std::uint32_t item_count, unsigned threads);

}  // namespace vitrine::bundle
