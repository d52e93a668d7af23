#pragma once

#include <nlohmann/json.hpp>

namespace vitrine::assignment {

/// Throws Error(kUsage) that names the first entry and field of a configuration's "experiments"
/// that the page would refuse, and what it must be. `list` may be anything.
void check_experiments(const nlohmann::json& list);

}  // namespace vitrine::assignment
