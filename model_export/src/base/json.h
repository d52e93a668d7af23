#pragma once

#include <algorithm>
#include <concepts>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace vitrine::base {

/// Lists and objects may be nested this deep in every JSON that is read. What walks over JSON calls
/// itself for each level, so a depth without a bound would end in an overflow of the stack.
inline constexpr std::size_t kDeepestJson = 64;

/// Parses JSON. Throws Error(code) that names line and column of the first fault, in words of our
/// own; `name` is the file or option that the text is from.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, const std::string& name,
                                        ExitCode code);

/// Returns `value` as JSON text, with `indent` spaces a level or, below 0, on one line. Text that
/// is not UTF-8 is replaced, and control characters that JSON leaves as they are (DEL, C1) are
/// escaped, because a terminal obeys them.
template <typename Json>
[[nodiscard]] std::string json_text(const Json& value, int indent = 2) {
  const std::string text = value.dump(indent, ' ', false, Json::error_handler_t::replace);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (text[i] == '\x7f') {
      out += "\\u007f";
    } else if (text[i] == '\xc2' && next >= 0x80 && next < 0xa0) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\u00";
      out += kDigits[next >> 4U];
      out += kDigits[next & 15U];
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Parses JSON that may be of anybody. Returns nothing for what is not JSON or is nested too deep.
[[nodiscard]] std::optional<nlohmann::json> try_json(std::string_view text);

/// The JSON of a value that may be absent: null where it is.
template <typename T>
[[nodiscard]] nlohmann::json or_null(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

inline bool is_texts(const nlohmann::json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const auto& one) { return one.is_string(); });
}

/// Reads the member `name` of `object` into `to`, a bool, a number, a text or a list of texts.
/// Leaves `to` alone and says false where there is none, or one of another type.
template <typename T>
bool read_field(const nlohmann::json& object, const char* name, T& to) {
  if (!object.is_object()) return false;
  const auto found = object.find(name);
  if (found == object.end()) return false;
  bool fits = false;
  if constexpr (std::same_as<T, bool>) {
    fits = found->is_boolean();
  } else if constexpr (std::unsigned_integral<T>) {
    fits = found->is_number_unsigned();
  } else if constexpr (std::integral<T>) {
    fits = found->is_number_integer();
  } else if constexpr (std::floating_point<T>) {
    fits = found->is_number();
  } else if constexpr (std::same_as<T, std::string>) {
    fits = found->is_string();
  } else {
    static_assert(std::same_as<T, std::vector<std::string>>);
    fits = is_texts(*found);
  }
  if (fits) to = found->template get<T>();
  return fits;
}

/// The member `name` of `object` if it is an object; else an empty one.
[[nodiscard]] inline nlohmann::json object_field(const nlohmann::json& object, const char* name) {
  if (object.is_object()) {
    if (const auto found = object.find(name); found != object.end() && found->is_object()) {
      return *found;
    }
  }
  return nlohmann::json::object();
}

}  // namespace vitrine::base
