#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "recommend/evaluation/evaluation.h"
#include "recommend/models/als_trainer.h"
#include "recommend/models/sequence_teacher.h"
#include "recommend/models/session_row_trainer.h"
#include "recommend/training/new_items.h"
#include "statistics/statistics_options.h"
#include "statistics/training_source.h"

namespace vitrine::recommend {

/// The number of past sessions in the bundle. There are none when the ranking gives neighbours no
/// weight.
struct NeighbourOptions {
  std::uint32_t entries = 0;  // items of the sessions together, at most; 0: no limit
  float share = 0.5F;         // of what ids, catalogue and embeddings leave of the budget; (0, 1]
};

/// The least number of shoppers behind whatever a bundle says of them, unless another one is asked
/// for.
inline constexpr std::uint32_t kMinShoppers = 5;
inline constexpr std::uint32_t kMostMinShoppers = 32;

using statistics::HoldOut;
using statistics::OnStep;

/// All options that decide the content of a bundle. The same options, events and items give the
/// same bytes.
struct TrainOptions {
  statistics::StatisticsOptions statistics{.min_shoppers = kMinShoppers};
  SessionRowOptions rows;
  AlsOptions als;
  /// Trained when rows.teacher > 0, or when tuning needs it.
  TeacherOptions teacher;
  /// The largest size of the bundle; 0: 45 bytes an item, but at least 64 KiB.
  std::size_t max_bytes = 0;
  /// True: max_bytes counts the file as it is; false: after brotli.
  bool raw_bytes = false;
  /// True: settings are chosen on a held-out part of the log; false: they are used as given.
  bool tune = true;
  /// No new candidate is tried after this time.
  double tune_minutes = 5.0;
  /// The file in which tuning keeps its scores, so that it can continue after an interruption;
  /// empty: none.
  std::string journal;
  /// The rules by which lists are used. Settings are chosen for the mean over these rules. Pages
  /// use both of the first two: they re-rank lists with seen items, and recommend without them.
  std::vector<EvaluationOptions> rules{{}, {.filter_seen = true}};
  HoldOut hold_out = HoldOut::kLastSessions;
  NeighbourOptions neighbours;
  ContentOptions content;
  /// True: the best-known items of each country go into the bundle, if the log names countries.
  bool markets = true;
  layout::Settings settings{
      .recommend = {.session_rows = 1.0F, .embeddings = 0.02F, .popularity = 0.001F},
      .similar = {.session_rows = 1.0F, .embeddings = 0.1F, .popularity = 0.001F},
      .row_decay = 0.7F,
      .session_decay = 0.0F,
      .opening_decay = 0.01F,
      .repeat_weight = 0.1F,
      .return_weight = 0.1F,
      .embedding_decay = 0.8F,
      .embedding_alpha = 10.0F,
      .kind_weights = {1.0F, 1.0F, 1.0F, 1.0F, 0.0F, 0.5F}};
  nlohmann::json experiments;  // as the SDK reads them; null: none
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

/// Overrides `options` by a configuration: a JSON object with the keys that to_json writes, and
/// "experiments". Throws Error(kUsage) that names an unknown key or a value of the wrong type.
void apply_config(const nlohmann::json& config, TrainOptions& options);

/// Converts all options to a configuration that gives the same training again.
void to_json(nlohmann::json& out, const TrainOptions& options);

}  // namespace vitrine::recommend
