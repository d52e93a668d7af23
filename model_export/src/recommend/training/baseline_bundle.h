#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/training_data.h"

namespace vitrine::recommend {

/// The baselines that a model has to beat, as one bundle of their own: its session rows are
/// item-kNN, and its popularity, by which its items are numbered, is `recent` (events of each item
/// in the last days), of equal ones the more popular first. `bundle` names the model's bundle by
/// its content, so that they are not confused.
[[nodiscard]] std::vector<std::byte> baseline_bundle(const model::LogStatistics& statistics,
                                                     const std::vector<std::int64_t>& recent,
                                                     const std::string& bundle);

}  // namespace vitrine::recommend
