#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "bundle/bundle_writer.h"
#include "recommend/training/budget.h"

namespace vitrine::recommend {

/// One model within one budget.
struct Sized {
  std::size_t budget = 0;
  std::vector<std::byte> bundle;  // empty: nothing fits
  std::size_t size = 0;           // as the budget counts; where nothing fits, the least there is
  std::size_t entries = 0;        // session entries kept
  std::uint32_t dims = 0;         // of the embeddings kept
};

/// 1/8, 1/4, 1/2, 1 and 2 times `budget`.
[[nodiscard]] std::vector<std::size_t> usual_sizes(std::size_t budget);

/// Writes the same trained model for every budget, with its embeddings and without, because in a
/// small bundle session weights may be better than embeddings of the same size. `sample` chooses
/// the sessions for a budget. Parts that do not fit are left out. For a budget in which nothing
/// fits, the least possible size is returned.
[[nodiscard]] std::vector<Sized> fit_sizes(
    const bundle::BundleContents& contents, const std::vector<std::size_t>& budgets, SizeOf measure,
    unsigned threads,
    const std::function<model::SampledSessions(const bundle::BundleContents&, std::size_t budget)>&
        sample = {});

}  // namespace vitrine::recommend
