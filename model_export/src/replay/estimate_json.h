#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "vitrine/stats/off_policy.h"

namespace vitrine::replay {

/// Writes the evaluation of another policy to `out`: the support of the log, then the three values
/// or, instead of them, "refused" with `words` for the reason.
void put_estimate(nlohmann::json& out, const stats::OffPolicyEstimate& estimate,
                  std::string (*words)(stats::SupportProblem));

}  // namespace vitrine::replay
