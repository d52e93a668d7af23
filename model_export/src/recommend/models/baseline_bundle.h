#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/database.h"
#include "model/pair_statistics.h"
#include "statistics/statistics.h"

namespace vitrine::recommend {

/// The number of days of the baseline "most popular recently".
inline constexpr int kRecentDays = 7;

/// Returns the number of events of each item in the last `days` days of `events`, by item number.
/// Removals from the cart do not count. Call this after aggregate_items.
[[nodiscard]] std::vector<std::int64_t> count_recent_events(data::Database& database,
                                                            std::size_t items, int days);

/// Writes the baselines of an evaluation as one bundle. Its session rows are item-kNN. Its
/// popularity is `recent`; its items are numbered by this, and of equal items the more popular one
/// comes first. The metadata contains the content hash of the model's bundle, `bundle`, so that the
/// two belong together.
[[nodiscard]] std::vector<std::byte> baseline_bundle(const statistics::ItemTable& items,
                                                     const model::PairStatistics& pairs,
                                                     const std::vector<std::int64_t>& recent,
                                                     const std::string& bundle);

}  // namespace vitrine::recommend
