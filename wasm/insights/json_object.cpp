#include "insights/json_object.h"

#include <utility>

namespace vitrine::insights {

JsonObject& JsonObject::json(std::string_view name, std::string_view value) {
  out_ += out_.empty() ? '{' : ',';
  out_ += assignment::json_quoted(name);
  out_ += ':';
  out_ += value;
  return *this;
}

std::string JsonObject::finish() {
  out_ += '}';
  return std::move(out_);
}

std::string json_list(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) {
    out += out.empty() ? '[' : ',';
    out += value;
  }
  return out.empty() ? "[]" : out + ']';
}

}  // namespace vitrine::insights
