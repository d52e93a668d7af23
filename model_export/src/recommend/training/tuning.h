#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "model/logged_sessions.h"
#include "recommend/training/options.h"
#include "recommend/training/settings_choice.h"

namespace vitrine::recommend {

/// Builds a bundle with other options from the early part of the log. Returns nothing when the
/// options do not fit the budget. All bundles number items in the same way.
using BuildBundle = std::function<std::vector<std::byte>(const TrainOptions& options)>;

/// The sessions that settings are judged on.
struct HeldOut {
  model::LoggedSessions sessions;
  std::string fingerprint;  // stands for them, and for what bundles are built from
  double span_days = 0.0;   // from the first to the last event that bundles are built from
};

/// Chooses settings by how well bundles of the early part predict what was held out: hill climbing
/// over one setting after the other, in a fixed order, by the sum of hit rate
/// and mean reciprocal rank under options.rules. Session rows first, alone; then what must
/// earn its cost beside them, one after the other: the sequence teacher, session neighbours,
/// embeddings. Changes `options`; returns what was tried.
/// Leaves `options` alone when there are too few held-out predictions to tell settings apart.
/// Starts no new candidate after options.tune_minutes: until then the choice does not depend on the
/// clock. Scores are kept in the file options.journal, and taken from there.
[[nodiscard]] SettingsChoice tune(const HeldOut& held_out, const BuildBundle& build,
                                  TrainOptions& options, const OnStep& on_step);

}  // namespace vitrine::recommend
