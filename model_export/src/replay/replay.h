#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "model/unit_history.h"
#include "vitrine/format/bundle.h"
#include "vitrine/stats/off_policy.h"
#include "vitrine/visit/recommender.h"

namespace vitrine::replay {

/// The settings for replaying a log of lists with a bundle.
struct ReplayOptions {
  std::string slot;             // lists of this slot alone; empty: all
  std::string reward = "view";  // the event on a shown item that counts
  std::int64_t window = 3600;   // seconds after the list
  /// The page's request for the list: to re-rank its items, or for recommendations. Its limit,
  /// `now` and `given` are each list's own. Without exploration.
  ListRequest list = ListRequest::of(ListMode::kRecommend);
  double alpha = 0.05;
};

/// The result of a replay.
struct Replay {
  stats::OffPolicyEstimate estimate;
  std::uint64_t lists = 0;
  std::uint64_t unusable_lists = 0;  // without items, or with a propensity outside (0, 1]
  std::uint64_t unknown_items = 0;   // shown items that the bundle does not have
  std::uint64_t same_places = 0;     // those with the item that the bundle puts there
};

/// Finds for every place of every list that units were shown whether a page with this bundle would
/// have put the same item there: after the same events, at the same time. A place is a decision, a
/// unit a cluster: clicks may depend on item and place, not on the other items of the list (the
/// item-position model of Li et al. 2018, "Offline Evaluation of Ranking Policies with Click
/// Models"). The reward model of the doubly robust estimate is the mean reward by place and by
/// item, learned from the other half of the units.
[[nodiscard]] Replay replay(const model::UnitHistories& units, const Bundle& bundle,
                            const ReplayOptions& options);

/// Returns a text that says why the log does not allow an estimate, and what to do; empty for
/// kNone.
[[nodiscard]] std::string support_words(stats::SupportProblem problem);

/// Converts the replay to the output of `vitrine replay --json`; without values when support is
/// missing.
void to_json(nlohmann::json& out, const Replay& replay);

}  // namespace vitrine::replay
