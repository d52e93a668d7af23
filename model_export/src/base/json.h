#pragma once

#include <algorithm>
#include <concepts>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::base {

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
