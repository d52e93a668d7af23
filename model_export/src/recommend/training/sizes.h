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

/// Writes the same solved model for every budget: with its embeddings, and without, since in a
/// small one session weights are worth more than the room that embeddings take. `sample` chooses
/// the sessions that go into a budget. What does not fit is left out; of a budget that nothing fits
/// into the least size is said.
[[nodiscard]] std::vector<Sized> fit_sizes(
    const bundle::BundleContents& contents, const std::vector<std::size_t>& budgets, SizeOf measure,
    unsigned threads,
    const std::function<model::SampledSessions(const bundle::BundleContents&, std::size_t budget)>&
        sample = {});

}  // namespace vitrine::recommend
