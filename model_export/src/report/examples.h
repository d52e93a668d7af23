#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "bundle/bundle_file.h"
#include "ingest/database.h"
#include "metrics/player.h"

namespace vitrine::train {

/// A few sessions of `query` (session, item id, kind), evenly spread over all with three events or
/// more: what was seen, what the bundle recommends then and why, and what came. Not chosen by how
/// well they turn out. Names of items come from the table `catalogue`, if there is one.
[[nodiscard]] nlohmann::json make_examples(Database& database, const TestQuery& query,
                                           const BundleFile& bundle,
                                           const EvaluationOptions& rules);

}  // namespace vitrine::train
