#include "vitrine/assignment/script_value.h"

#include <algorithm>
#include <limits>

#include "assignment/script_engine.h"

namespace vitrine::assignment {

using nlohmann::json;

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
