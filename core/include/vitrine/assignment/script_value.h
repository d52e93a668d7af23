#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::assignment {

/// Conversions of JSON values as JavaScript does them, so that a condition has one answer in the
/// page and here.

/// `${value}`: 1e21 is "1e+21", null is "null", a list its elements with commas between.
[[nodiscard]] std::string script_text(const nlohmann::json& value);

/// Number(value): "" and null are 0, true is 1, " 8 " is 8; not a number for lists, objects and
/// other texts.
[[nodiscard]] double script_number(const nlohmann::json& value);

/// Whether `value` counts as true: not false, null, 0, or the empty text.
[[nodiscard]] bool script_truth(const nlohmann::json& value);

/// Lower case of the letters of ASCII; other letters stay, where the page folds them too.
[[nodiscard]] std::string script_folded(const nlohmann::json& value);

}  // namespace vitrine::assignment
