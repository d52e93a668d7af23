#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "bundle/bundle_file.h"
#include "recommend/evaluation/predictor.h"

namespace vitrine::report {

/// An item as people know it.
struct ExampleItem {
  bool known = false;  // whether the bundle has it; if not, nothing below holds
  std::string id;
  std::optional<std::string> title;
  std::string category;  // empty: none
};

/// An item, and what was done with it.
struct ExampleEvent {
  ExampleItem item;
  EventKind kind = EventKind::kView;
};

/// An item of a list, and why it is there.
struct ExampleRecommendation {
  ExampleItem item;
  ReasonKind reason = ReasonKind::kOther;  // the first one
  ExampleItem because_of;                  // the item that the reason names, if it names one
  bool hit = false;                        // whether it came next
};

/// A session up to its last event, and what was recommended before that came.
struct Example {
  std::vector<ExampleEvent> history;  // the latest, oldest first
  std::uint64_t earlier = 0;          // events before these
  std::vector<ExampleRecommendation> recommended;
  ExampleEvent next;
  std::size_t rank = 0;  // of `next` in the list, from 1; 0: not in it
};

/// A few of the `logged` sessions, evenly spread over all with three events or more: the items that
/// were seen, the recommendations of the bundle with their reasons, and the next item. They are not
/// chosen by their result. `titles` of items by id, for those that have one.
[[nodiscard]] std::vector<Example> make_examples(
    const model::LoggedSessions& logged, const std::unordered_map<std::string, std::string>& titles,
    const bundle::BundleFile& bundle, const recommend::EvaluationOptions& rules);

}  // namespace vitrine::report
