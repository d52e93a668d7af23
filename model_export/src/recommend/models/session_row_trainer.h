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
      0.5F;  // share of the similarity part (SLIS); the transition part (SLIT) has the rest
  float ridge = 100.0F;  // lambda, in units of session weight
  float teacher = 0.0F;  // factor of the teacher's probabilities, toward which the ridge pulls
  std::uint32_t sources = 64;  // number of strongest sources of a target in its ridge system
  unsigned threads = 1;
};

/// Returns the positive weights of B, sorted by source, then target.
///
/// SLIST (Choi, Kim, Lee, Shim, Lee: Session-aware Linear Item-Item Models for Session-based
/// Recommendation, WWW 2021) minimizes, per target j,
///   alpha |X_j - X b|^2 + (1 - alpha) |T_j - S b|^2 + lambda |b|^2
/// over sessions X, pasts S and futures T. Its closed form inverts an item-by-item matrix. Here
/// each target solves a system of its own over its `sources` strongest sources. This needs only
/// sums over pairs, and its cost grows with the number of items instead of its cube. In the first
/// part the target is not one of its sources (the paper's zero diagonal). In the second part it is,
/// because returns to an item are transitions.
///
/// `teacher` has probabilities of targets after sources, sorted by target, then source. With them
/// the ridge pulls weights toward options.teacher times these probabilities instead of toward zero
/// (Choi, Park, Lee: Linear Item-Item Models with Neural Knowledge for Session-based
/// Recommendation, SIGIR 2025). So a pair that is too rare to be counted can have a weight.
[[nodiscard]] std::vector<model::SessionEntry> train_session_rows(
    const model::PairStatistics& pairs, std::span<const model::SessionEntry> teacher,
    const SessionRowOptions& options, const std::function<void(std::size_t done)>& progress = {});

}  // namespace vitrine::recommend
