#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::assignment {

/// Conversions of JSON values by the rules of JavaScript, so that a condition has the same result
/// here and in the page.

/// Converts as `${value}`: 1e21 gives "1e+21", null gives "null", a list gives its elements
/// separated by commas.
[[nodiscard]] std::string script_text(const nlohmann::json& value);

/// Converts as Number(value): "" and null give 0, true gives 1, " 8 " gives 8; lists, objects and
/// other texts give NaN.
[[nodiscard]] double script_number(const nlohmann::json& value);

/// Returns true when JavaScript treats `value` as true: when it is not false, null, 0, or the empty
/// text.
[[nodiscard]] bool script_truth(const nlohmann::json& value);

/// Converts ASCII letters to lower case. Other letters stay, although the page converts them too.
[[nodiscard]] std::string script_folded(const nlohmann::json& value);

}  // namespace vitrine::assignment
