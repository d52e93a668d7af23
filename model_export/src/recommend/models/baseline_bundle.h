#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/database.h"
#include "model/pair_statistics.h"
#include "statistics/statistics.h"

namespace vitrine::recommend {

/// The days of "popular of late".
inline constexpr int kRecentDays = 7;

/// Events of each item in the last `days` days of `events`, by item number; removals from the cart
/// do not count. Call after aggregate_items.
[[nodiscard]] std::vector<std::int64_t> count_recent_events(data::Database& database,
                                                            std::size_t items, int days);

/// What a model has to beat, as one bundle of its own: its session rows are item-kNN, and its
/// popularity, by which its items are numbered, is `recent`, of equal ones the more popular first.
/// `bundle` names the model's bundle by its content, so that they are not confused.
[[nodiscard]] std::vector<std::byte> baseline_bundle(const statistics::ItemTable& items,
                                                     const model::PairStatistics& pairs,
                                                     const std::vector<std::int64_t>& recent,
                                                     const std::string& bundle);

}  // namespace vitrine::recommend
