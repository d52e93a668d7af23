#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine::assignment {

/// JSON text without exceptions, in a tenth of the code that nlohmann's own reader and writer take,
/// which read from streams, print floats by themselves and explain every error: in wasm 40 KB.

/// The value that `text` holds, by RFC 8259; nothing where it is no JSON, or nested deeper than
/// 64. Of a name that an object has twice the last one counts. O(text).
[[nodiscard]] std::optional<nlohmann::json> json_from(std::string_view text);

/// As JSON.stringify writes it.
[[nodiscard]] std::string json_text(const nlohmann::json& value);
[[nodiscard]] std::string json_quoted(std::string_view text);

}  // namespace vitrine::assignment
