#pragma once

#include <nlohmann/json.hpp>
#include <optional>

namespace vitrine::base {

/// The JSON of a value that may be absent: null where it is.
template <typename T>
[[nodiscard]] nlohmann::json or_null(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

}  // namespace vitrine::base
