#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "model/pair_statistics.h"
#include "model/session_entry.h"

namespace vitrine::recommend {

struct SessionRowOptions {
  float alpha =
      0.5F;  // share of the similarity part (SLIS); the rest is the transition part (SLIT)
  float ridge = 100.0F;        // lambda, in units of session weight
  float teacher = 0.0F;        // where the ridge pulls to: this times what the teacher says
  std::uint32_t sources = 64;  // strongest sources per target that enter its ridge system
  unsigned threads = 1;
};

/// Positive weights of B, sorted by source, then target.
///
/// SLIST (Choi, Kim, Lee, Shim, Lee: Session-aware Linear Item-Item Models for Session-based
/// Recommendation, WWW 2021) minimizes, per target j,
///   alpha |X_j - X b|^2 + (1 - alpha) |T_j - S b|^2 + lambda |b|^2
/// over sessions X, pasts S and futures T. Its closed form inverts an item-by-item matrix. Here
/// each target solves its own system over the `sources` items that speak for it most, which needs
/// sums over pairs alone and grows with the number of items, not its cube. In the first part the
/// target itself is masked from the sources (the paper's zero diagonal); in the second it stays:
/// revisits are transitions.
///
/// `teacher`: probabilities of targets after sources, sorted by target, then source. With them the
/// ridge pulls weights toward options.teacher times these instead of toward zero (Choi, Park, Lee:
/// Linear Item-Item Models with Neural Knowledge for Session-based Recommendation, SIGIR 2025), so
/// that a pair too rare to be counted can have a weight.
[[nodiscard]] std::vector<model::SessionEntry> train_session_rows(
    const model::PairStatistics& pairs, std::span<const model::SessionEntry> teacher,
    const SessionRowOptions& options, const std::function<void(std::size_t done)>& progress = {});

}  // namespace vitrine::recommend
