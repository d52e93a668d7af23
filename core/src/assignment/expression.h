#pragma once

#include <cstddef>
#include <string>

namespace vitrine::assignment {

/// The longest regular expression of a condition, and the longest text that is searched for it: an
/// engine that follows a text by recursion could exhaust the stack.
inline constexpr std::size_t kLongestExpression = 1000;
inline constexpr std::size_t kLongestSearched = 4000;

/// Whether a part of `text` matches a regular expression of ECMAScript; `fold` ignores case. False
/// for an expression that cannot be read, and beyond the two lengths. Natively the engine of the
/// standard library, in wasm the one of JavaScript, which is the page's own.
[[nodiscard]] bool matches_expression(const std::string& text, const std::string& expression,
                                      bool fold);

}  // namespace vitrine::assignment
