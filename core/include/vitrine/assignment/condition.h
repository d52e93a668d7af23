#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace vitrine::assignment {

/// Returns true when `attributes` fulfil a targeting condition. The rules are those of GrowthBook's
/// SDKs (specification 0.8.0) and of `evalCondition` of the npm package. `groups` are the lists
/// that $inGroup names. An unknown operator is never fulfilled. The same is true of a $regex that
/// is invalid, longer than 1,000 bytes, or refers to a group or looks ahead or behind, and natively
/// of one that could take long (pattern.h); it sees the first 1,000 UTF-16 code units of an
/// attribute.
[[nodiscard]] bool fulfils(const nlohmann::json& attributes, const nlohmann::json& condition,
                           const nlohmann::json& groups = nlohmann::json::object());

/// The attribute at a path such as "cart.total"; null where there is none. A view of `attributes`.
[[nodiscard]] const nlohmann::json& attribute_at(const nlohmann::json& attributes,
                                                 std::string_view path);

}  // namespace vitrine::assignment
