#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "model/training_data.h"
#include "recommend/training/options.h"
#include "recommend/training/sizes.h"
#include "recommend/training/training_report.h"
#include "statistics/training_source.h"

namespace vitrine::recommend {

struct Trained {
  std::vector<std::byte> bundle;
  /// The baselines for `vitrine evaluate` as a separate bundle.
  std::vector<std::byte> item_knn;
  /// All but the sizes is in the bundle's metadata too.
  TrainingReport report;
  /// The same model in other sizes, if requested.
  std::vector<Sized> sizes;
};

/// Trains a bundle on `data` with the options as they are. `report`: what is known before the
/// training (the source, and how options were chosen); the result's is that one, completed. Throws
/// Error(kDataUnusable) when there is nothing to learn from, Error(kUsage) when the budget cannot
/// be met. `sizes`: budgets that the solved model is fitted into besides; an empty list stands for
/// usual_sizes of the budget.
[[nodiscard]] Trained train(const model::TrainingData& data, const TrainOptions& options,
                            TrainingReport report, const OnStep& on_step = {},
                            const std::optional<std::vector<std::size_t>>& sizes = {});

/// Chooses the options on parts of a log, unless options.tune is off, reads its training data under
/// them and trains. `log` describes it in the metadata. Throws as above.
[[nodiscard]] Trained train(statistics::TrainingSource& source, const TrainOptions& options,
                            const std::optional<data::LogSummary>& log, const OnStep& on_step = {},
                            const std::optional<std::vector<std::size_t>>& sizes = {});

}  // namespace vitrine::recommend
