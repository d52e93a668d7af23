#pragma once

#include <nlohmann/json.hpp>

#include "recommend/training/options.h"
#include "statistics/training_source.h"

namespace vitrine::recommend {

/// Chooses what shoppers without a history are shown, by the first events of the latest tenth of
/// the sessions and what the log had before: how fast popularity decays, unless `options` say so,
/// and whether what is best known in a country pays where the country is known. A choice other than
/// the default must gain more hits than chance explains. Returns what was tried, with the reasons.
[[nodiscard]] nlohmann::json choose_first_visit(statistics::TrainingSource& source,
                                                TrainOptions& options);

}  // namespace vitrine::recommend
