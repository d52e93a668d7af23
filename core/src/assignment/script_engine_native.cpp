#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <regex>
#include <string_view>
#include <utility>

#include "assignment/script_engine.h"
#include "vitrine/assignment/pattern.h"

namespace vitrine::assignment {

namespace {

/// Null for an expression that is invalid, or that could take long. Compiling takes longer than
/// most searches, so the last ones are kept.
const std::regex* compiled_expression(const std::string& expression, bool fold) {
  constexpr std::size_t kKept = 64;
  thread_local std::map<std::pair<std::string, bool>, std::optional<std::regex>> kept;
  const std::pair key(expression, fold);
  auto at = kept.find(key);
  if (at == kept.end()) {
    if (kept.size() == kKept) kept.clear();
    at = kept.emplace(key, std::nullopt).first;
    if (pattern_problem(expression, fold).empty()) {
      at->second.emplace(expression, std::regex::ECMAScript |
                                         (fold ? std::regex::icase : std::regex::flag_type{}));
    }
  }
  const std::optional<std::regex>& compiled = at->second;
  return compiled ? &*compiled : nullptr;
}

}  // namespace

std::string number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (number == 0.0) return "0";
  const double size = std::fabs(number);
  const bool plain = size >= 1e-6 && size < 1e21;  // ECMA-262, Number::toString
  std::array<char, 64> text;
  const auto [end, failed] =
      std::to_chars(text.data(), text.data() + text.size(), number,
                    plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string out(text.data(), end);
  if (plain) return out;
  const std::size_t digits = out.find('e') + 2;
  while (out[digits] == '0') out.erase(digits, 1);  // 1e-07 is 1e-7
  return out;
}

double text_number(const std::string& text) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string::npos) return 0.0;
  const std::string trimmed = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  if (trimmed == "Infinity" || trimmed == "+Infinity") return HUGE_VAL;
  if (trimmed == "-Infinity") return -HUGE_VAL;
  // strtod takes words and signed hexadecimal numbers, JavaScript does not.
  const bool hexadecimal = trimmed.starts_with("0x") || trimmed.starts_with("0X");
  const std::string_view allowed = hexadecimal ? "0123456789abcdefABCDEFxX" : "0123456789.eE+-";
  if (trimmed.find_first_not_of(allowed) != std::string::npos) return kNaN;
  char* end = nullptr;
  const double number = std::strtod(trimmed.c_str(), &end);
  return end == trimmed.c_str() + trimmed.size() ? number : kNaN;
}

bool matches_expression(const std::string& text, const std::string& expression, bool fold) {
  if (text.size() > kLongestSearched || expression.size() > kLongestExpression) return false;
  try {
    const std::regex* compiled = compiled_expression(expression, fold);
    return compiled != nullptr && std::regex_search(text, *compiled);
  } catch (const std::regex_error&) {
    return false;
  }
}

}  // namespace vitrine::assignment
