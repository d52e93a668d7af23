#pragma once

#include <nlohmann/json.hpp>

namespace vitrine::assignment {

/// Whether `attributes` fulfil a targeting condition, as GrowthBook's SDKs evaluate it
/// (specification 0.8.0) and `evalCondition` of the npm package does. `groups` are the lists that
/// $inGroup names. An operator that does not exist fulfils nothing, and so does an expression of
/// $regex that cannot be read or is longer than 1,000 bytes, or an attribute of more than 4,000.
[[nodiscard]] bool fulfils(const nlohmann::json& attributes, const nlohmann::json& condition,
                           const nlohmann::json& groups = nlohmann::json::object());

}  // namespace vitrine::assignment
