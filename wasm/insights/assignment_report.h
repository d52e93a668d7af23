#pragma once

#include <string>

namespace vitrine::insights {

/// Explains an assignment by the core: JSON text with `variation`, `reason`, `unit`, and what it
/// follows from, `checks`, `draws` and `requirements` (see AssignmentTrace). `definitions`: a list
/// of experiments as JSON text, `key` names one of them. `context`: JSON text of an object with
/// `attributes`, `url`, `forcedVariations`, `enabled`, `qaMode`, `savedGroups`, `features`,
/// `sticky` (a list of documents) and `now`, all optional. What cannot be read comes back as
/// `error`, a sentence.
[[nodiscard]] std::string explain_assignment(const std::string& definitions, const std::string& key,
                                             const std::string& context);

}  // namespace vitrine::insights
