#include "vitrine/assignment/script_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace vitrine::assignment {
namespace {

using nlohmann::json;

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

double text_number(std::string_view text) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return 0.0;
  const std::string trimmed(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  if (trimmed == "Infinity" || trimmed == "+Infinity") return HUGE_VAL;
  if (trimmed == "-Infinity") return -HUGE_VAL;
  // strtod accepts words and signed hexadecimal numbers; JavaScript does not.
  const bool hexadecimal = trimmed.starts_with("0x") || trimmed.starts_with("0X");
  const std::string_view allowed = hexadecimal ? "0123456789abcdefABCDEFxX" : "0123456789.eE+-";
  if (trimmed.find_first_not_of(allowed) != std::string::npos) return kNaN;
  char* end = nullptr;
  const double number = std::strtod(trimmed.c_str(), &end);
  return end == trimmed.c_str() + trimmed.size() ? number : kNaN;
}

}  // namespace

std::string script_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "null";
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number()) return number_text(value.get<double>());
  if (!value.is_array()) return "[object Object]";
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i > 0) out += ',';
    if (!value[i].is_null()) out += script_text(value[i]);
  }
  return out;
}

double script_number(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return text_number(value.get_ref<const std::string&>());
  if (value.is_null()) return 0.0;
  if (value.is_boolean()) return value.get<bool>() ? 1.0 : 0.0;
  return std::numeric_limits<double>::quiet_NaN();
}

bool script_truth(const json& value) {
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  if (value.is_null()) return false;
  if (value.is_boolean()) return value.get<bool>();
  return !value.is_number() || value.get<double>() != 0.0;
}

std::string script_folded(const json& value) {
  std::string text = script_text(value);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

}  // namespace vitrine::assignment
