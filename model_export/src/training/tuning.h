#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "training/training.h"

namespace vitrine::train {

/// Makes a bundle with other options from the same early part of the log.
using BuildBundle = std::function<std::vector<std::byte>(const TrainOptions& options)>;

/// Chooses settings on sessions that the early bundles have not seen (`held_out`: a query of
/// session, item id, kind), one setting after the other, by hit rate plus reciprocal rank at 20,
/// with and without seen items: how the session rows are solved, whether embeddings earn their
/// bytes, how scores are blended. Changes `options`; returns what was tried, for the report. Leaves
/// `options` alone when there are too few held-out predictions to tell settings apart.
[[nodiscard]] nlohmann::json tune(Database& database, const std::string& held_out,
                                  const BuildBundle& build, TrainOptions& options,
                                  const OnStep& on_step);

}  // namespace vitrine::train
