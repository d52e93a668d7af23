#include "assignment/check_experiments.h"

#include <array>
#include <string>
#include <string_view>

#include "base/error.h"
#include "vitrine/assignment/definition_error.h"
#include "vitrine/assignment/json_text.h"
#include "vitrine/assignment/pattern.h"

namespace vitrine::assignment {
namespace {

/// Throws Error(kUsage) for a pattern below `value` that could stop a page.
void check_patterns(const nlohmann::json& value, const std::string& at) {
  constexpr std::array<std::string_view, 4> kPatterns = {"$regex", "$notRegex", "$regexi",
                                                         "$notRegexi"};
  if (!value.is_structured()) return;
  for (const auto& [key, part] : value.items()) {
    const std::string place = value.is_array() ? at + "[" + key + "]" : at + "." + key;
    for (const std::string_view name : kPatterns) {
      if (key != name || !part.is_string()) continue;
      const auto& pattern = part.get_ref<const std::string&>();
      const std::string trouble = pattern_problem(pattern, name.ends_with('i'));
      if (trouble.empty()) continue;
      throw base::Error(base::ExitCode::kUsage,
                        "The configuration's \"" + place +
                            "\" must be a pattern that takes little time on every text, not " +
                            json_quoted(pattern) + ": " + trouble +
                            ". docs/experiments.md says which patterns do.");
    }
    check_patterns(part, place);
  }
}

}  // namespace

void check_experiments(const nlohmann::json& list) {
  if (const auto error = definition_error(list)) {
    throw base::Error(base::ExitCode::kUsage, "The configuration's " + error->text());
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = "experiments[" + std::to_string(i) + "]";
    for (const char* name : {"condition", "parentConditions"}) {
      if (list[i].contains(name)) check_patterns(list[i][name], at + "." + name);
    }
  }
}

}  // namespace vitrine::assignment
