#pragma once

#include <cstddef>
#include <string>

namespace vitrine::assignment {

/// Functions of JavaScript's engine, which the page uses. The native build has its own versions;
/// wasm calls the engine.

/// String(number): 1e21 is "1e+21".
[[nodiscard]] std::string number_text(double number);

/// Number(text): " 8 " is 8, "" is 0; NaN for a text that is not a number.
[[nodiscard]] double text_number(const std::string& text);

/// The longest regular expression of a condition, and the longest text that is searched for it. A
/// regular expression engine that uses recursion could exhaust the stack.
inline constexpr std::size_t kLongestExpression = 1000;
inline constexpr std::size_t kLongestSearched = 4000;

/// Returns true when a part of `text` matches a regular expression of ECMAScript; `fold` ignores
/// case. Returns false for an invalid expression, and beyond the two lengths; natively also for one
/// that pattern_problem() refuses, which `train` does not let into a bundle.
[[nodiscard]] bool matches_expression(const std::string& text, const std::string& expression,
                                      bool fold);

}  // namespace vitrine::assignment
