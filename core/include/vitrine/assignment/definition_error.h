#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace vitrine::assignment {

/// A field of a list of experiments that the page would refuse.
struct DefinitionError {
  std::string field;   // "experiments[0].weights"
  std::string wanted;  // "a share for each variation, 1 together"
  std::string found;   // JSON text

  /// Returns a message such as `"experiments[0].weights" must be a share for each variation, 1
  /// together, not [1].`
  [[nodiscard]] std::string text() const;
};

/// Returns the first entry and field of a list of experiments that the page would refuse, or
/// nothing. `list` may be any value. O(size of the list).
[[nodiscard]] std::optional<DefinitionError> definition_error(const nlohmann::json& list);

}  // namespace vitrine::assignment
