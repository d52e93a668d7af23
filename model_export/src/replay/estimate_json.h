#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "vitrine/stats/off_policy.h"

namespace vitrine::replay {

/// Puts into `out` what a log says of a policy that did not write it: how far it reaches, then the
/// three values, or in their place as "refused" the `words` for why it cannot tell.
void put_estimate(nlohmann::json& out, const stats::OffPolicyEstimate& estimate,
                  std::string (*words)(stats::SupportTrouble));

}  // namespace vitrine::replay
