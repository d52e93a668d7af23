#include "recommend/training/training_report.h"

#include "base/json.h"

namespace vitrine::recommend {

using nlohmann::json;

// Not in an unnamed namespace: the library finds these by the namespace of their argument.

static void to_json(json& out, const TrainingCounts& counts) {
  out = {{"items", counts.items},
         {"items_with_events", counts.items_with_events},
         {"sessions", counts.sessions},
         {"events", counts.events},
         {"pairs", counts.pairs}};
}

static void to_json(json& out, const BundleSizes& bundle) {
  out = {{"bytes", bundle.bytes},
         {"brotli_bytes", bundle.brotli_bytes},
         {"budget", {{"bytes", bundle.budget_bytes}, {"raw", bundle.budget_is_raw}}},
         {"session_entries", bundle.session_entries},
         {"sampled_sessions", bundle.sampled_sessions},
         {"sampled_entries", bundle.sampled_entries}};
  if (!bundle.file.empty()) out.push_back({"file", bundle.file});
}

static json floor_json(const model::FloorCounts& floor) {
  return {{"min_shoppers", floor.min_shoppers},       {"items", floor.items},
          {"items_left_out", floor.items_left_out},   {"events", floor.events},
          {"events_left_out", floor.events_left_out}, {"pairs", floor.pairs},
          {"pairs_left_out", floor.pairs_left_out},   {"sessions", floor.sessions},
          {"sessions_cut", floor.sessions_cut}};
}

void to_json(json& out, const TrainingReport& report) {
  out = {{"vitrine", VITRINE_VERSION}, {"source", base::or_null(report.source)},
         {"counts", report.counts},    {"new_items", report.new_items},
         {"settings", report.options}, {"seed", report.options.seed},
         {"card", report.card}};
  if (report.floor) out.push_back({"privacy", floor_json(*report.floor)});
  if (report.first_visit) out.push_back({"first_visit", *report.first_visit});
  if (report.choice) out.push_back({"choice", *report.choice});
  if (!report.bundle) return;
  out.update({{"bundle", *report.bundle}, {"resumed", report.choice ? report.choice->resumed : 0}});
}

}  // namespace vitrine::recommend
