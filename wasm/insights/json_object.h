#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vitrine/assignment/json_text.h"

namespace vitrine::insights {

/// Writes an object as JSON text, field by field.
class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value) {
    return json(name, assignment::json_quoted(value));
  }
  JsonObject& number(std::string_view name, double value) {
    return json(name, assignment::json_text(nlohmann::json(value)));
  }
  JsonObject& truth(std::string_view name, bool value) {
    return json(name, value ? "true" : "false");
  }
  /// `value` is JSON text.
  JsonObject& json(std::string_view name, std::string_view value);

  /// Ends the object and returns its text. Call it once, as the last.
  [[nodiscard]] std::string finish();

 private:
  std::string out_;
};

/// Writes `[value]` of JSON texts.
[[nodiscard]] std::string json_list(const std::vector<std::string>& values);

}  // namespace vitrine::insights
