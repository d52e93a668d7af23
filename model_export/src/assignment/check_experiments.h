#pragma once

#include <nlohmann/json.hpp>

namespace vitrine::assignment {

/// Throws Error(kUsage) that names the first entry and field of a configuration's "experiments"
/// that the page would refuse, and what it must be, or the first pattern of a condition that could
/// take long on some text (vitrine/assignment/pattern.h). `list` may be anything.
void check_experiments(const nlohmann::json& list);

}  // namespace vitrine::assignment
