#pragma once

#include <cstdint>

#include "model/pair_statistics.h"
#include "model/session_table.h"

namespace vitrine::statistics {

/// The result of cut_sessions.
struct SessionPieces {
  model::SessionTable pieces;  // those of a session together, in the order of their first clicks
  std::uint64_t sessions_cut = 0;  // sessions with more than one piece
};

/// Cuts each session into pieces in which every two items are a pair of `pairs`. With pairs of
/// enough shoppers, no two items are together in a piece because of fewer shoppers, so models of
/// pieces cannot learn that. A click goes to the latest piece that it can join, or begins one.
[[nodiscard]] SessionPieces cut_sessions(const model::SessionTable& sessions,
                                         const model::PairStatistics& pairs);

}  // namespace vitrine::statistics
