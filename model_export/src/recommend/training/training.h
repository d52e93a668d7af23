#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data/database.h"
#include "recommend/training/options.h"
#include "recommend/training/sizes.h"

namespace vitrine::recommend {

/// Called at the start of each step and as it goes on; `share` in [0, 1].
using OnStep = std::function<void(const std::string& step, double share)>;

struct Trained {
  std::vector<std::byte> bundle;
  /// The item-kNN that the model has to beat, as a bundle of its own for `vitrine evaluate`.
  std::vector<std::byte> item_knn;
  /// What was done: counts, settings and why, sizes. All but the sizes is in the bundle's metadata
  /// too.
  nlohmann::json report;
  /// The same model in other sizes, if asked for.
  std::vector<Sized> sizes;
};

/// Trains on the tables `events` and, if there is one, `catalogue` of `database`; `source`
/// describes them in the metadata. Throws Error(kDataUnusable) when there is nothing to learn from,
/// Error(kUsage) when the budget cannot be met. `sizes`: budgets that the solved model is fitted
/// into besides; an empty list stands for usual_sizes of the budget.
[[nodiscard]] Trained train(data::Database& database, const TrainOptions& options,
                            const nlohmann::json& source, const OnStep& on_step = {},
                            const std::optional<std::vector<std::size_t>>& sizes = {});

}  // namespace vitrine::recommend
