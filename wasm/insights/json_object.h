#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vitrine/assignment/json_text.h"

namespace vitrine::insights {

using assignment::json_quoted;
using assignment::json_text;

/// `{"name":value}` of names and JSON texts.
inline std::string json_object(
    const std::vector<std::pair<std::string_view, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    out += out.empty() ? '{' : ',';
    out += assignment::json_quoted(name) + ':' + value;
  }
  return out + '}';
}

/// `[value]` of JSON texts.
inline std::string json_list(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) {
    out += out.empty() ? '[' : ',';
    out += value;
  }
  return out.empty() ? "[]" : out + ']';
}

}  // namespace vitrine::insights
