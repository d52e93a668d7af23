#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

#include "bundle/bundle_file.h"
#include "recommend/evaluation/player.h"

namespace vitrine::report {

/// A few of the `logged` sessions, evenly spread over all with three events or
/// more: what was seen, what the bundle recommends then and why, and what came. Not chosen by how
/// well they turn out. `titles` of items by
/// id, for those that have one.
[[nodiscard]] nlohmann::json make_examples(
    const model::LoggedSessions& logged, const std::unordered_map<std::string, std::string>& titles,
    const bundle::BundleFile& bundle, const recommend::EvaluationOptions& rules);

}  // namespace vitrine::report
