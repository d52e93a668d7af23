#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "data/log_summary.h"
#include "model/floor_counts.h"
#include "recommend/training/first_visit_choice.h"
#include "recommend/training/model_card.h"
#include "recommend/training/new_items.h"
#include "recommend/training/options.h"
#include "recommend/training/settings_choice.h"

namespace vitrine::recommend {

struct TrainingCounts {
  std::size_t items = 0;
  std::size_t items_with_events = 0;
  std::size_t sessions = 0;
  std::size_t events = 0;
  std::size_t pairs = 0;
};

/// The bundle that a training made.
struct BundleSizes {
  std::string file;  // where it was written; empty: nowhere
  std::size_t bytes = 0;
  std::size_t brotli_bytes = 0;
  std::size_t budget_bytes = 0;
  bool budget_is_raw = false;  // whether the budget counts bytes before brotli
  std::size_t session_entries = 0;
  std::size_t sampled_sessions = 0;
  std::size_t sampled_entries = 0;
};

/// The steps of a training, with reasons.
struct TrainingReport {
  std::optional<data::LogSummary> source;
  TrainingCounts counts;
  std::optional<model::FloorCounts> floor;      // absent: there was none
  std::optional<FirstVisitChoice> first_visit;  // with TrainOptions::tune
  std::optional<SettingsChoice> choice;         // with TrainOptions::tune
  NewItemCounts new_items;
  TrainOptions options;  // as they were chosen
  ModelCard card;
  std::optional<BundleSizes> bundle;  // absent in the bundle's own metadata
};

/// With `bundle`: as `vitrine train --json` prints it. Without: the metadata of the bundle.
void to_json(nlohmann::json& out, const TrainingReport& report);

}  // namespace vitrine::recommend
