#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "bundle/bundle_file.h"
#include "data/database.h"
#include "recommend/evaluation/player.h"

namespace vitrine::report {

/// A few sessions of `query` (session, item id, kind), evenly spread over all with three events or
/// more: what was seen, what the bundle recommends then and why, and what came. Not chosen by how
/// well they turn out. Names of items come from the table `catalogue`, if there is one.
[[nodiscard]] nlohmann::json make_examples(data::Database& database,
                                           const recommend::TestQuery& query,
                                           const bundle::BundleFile& bundle,
                                           const recommend::EvaluationOptions& rules);

}  // namespace vitrine::report
