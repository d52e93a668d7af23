#pragma once

#include <cstddef>
#include <string>

namespace vitrine::assignment {

/// The longest regular expression of a condition, and the longest text that is searched for it. A
/// regular expression engine that uses recursion could exhaust the stack.
inline constexpr std::size_t kLongestExpression = 1000;
inline constexpr std::size_t kLongestSearched = 4000;

/// Returns true when a part of `text` matches a regular expression of ECMAScript; `fold` ignores
/// case. Returns false for an invalid expression, and beyond the two lengths. The native build uses
/// the engine of the standard library; wasm uses the engine of JavaScript, as the page does.
[[nodiscard]] bool matches_expression(const std::string& text, const std::string& expression,
                                      bool fold);

}  // namespace vitrine::assignment
