#include "base/json.h"

#include <fmt/format.h>

namespace vitrine::base {
namespace {

/// The place of a byte in a text, both counted from 1.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
};

Place place_of(std::string_view text, std::size_t byte) {
  Place place;
  for (const char c : text.substr(0, byte)) {
    if (c == '\n') {
      ++place.line;
      place.column = 0;
    }
    ++place.column;
  }
  return place;
}

/// Returns the byte at which `text` is nested deeper than kDeepestJson, or npos.
std::size_t too_deep_at(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') {
        ++at;
      } else if (c == '"') {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepestJson) return at;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return std::string_view::npos;
}

}  // namespace

nlohmann::json parse_json(std::string_view text, const std::string& name, ExitCode code) {
  const auto fail = [&](std::size_t byte, const std::string& what) {
    const Place place = place_of(text, byte);
    return Error(code,
                 fmt::format("{}, line {}, column {}: {}.", name, place.line, place.column, what));
  };
  if (const std::size_t at = too_deep_at(text); at != std::string_view::npos) {
    throw fail(at, fmt::format("JSON is nested more than {} deep here", kDeepestJson));
  }
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    // The library counts bytes from 1.
    throw fail(error.byte > 0 ? error.byte - 1 : 0, "this is not JSON");
  } catch (const nlohmann::json::exception&) {
    throw Error(code, fmt::format("{} is not JSON that can be read: a number is too large.", name));
  }
}

std::optional<nlohmann::json> try_json(std::string_view text) {
  if (too_deep_at(text) != std::string_view::npos) return std::nullopt;
  nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

}  // namespace vitrine::base
