#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "recommend/evaluation/bootstrap.h"
#include "recommend/evaluation/player.h"
#include "vitrine/format/bundle.h"

namespace vitrine::recommend {

/// How well the next item was found by one way to rank.
struct HiddenScore {
  Estimate hit_rate;  // among the first k
  Estimate mrr;       // 1 / rank, 0 below k
};

/// Predictions of items that were hidden from training, as if they were new. The rankings beside
/// the model need no events of an item: a random order; the mean popularity of its category; and
/// the items of the last item's category first, in both parts by that. Items that tie there count
/// by their expected place. What the rules keep off the list is a miss of all.
struct HiddenEvaluation {
  struct Ranked {
    HiddenScore model, same_category, category_popularity, random;
  };
  std::size_t items = 0;
  std::size_t predictions = 0;
  Ranked among_all;     // items of the bundle
  Ranked among_hidden;  // items alone
  std::size_t other_predictions = 0;
  HiddenScore others;  // by the model, among all items: what items with events are found by
};

/// `predictions` by a Player with `hidden`; `sessions`: how many it played.
[[nodiscard]] HiddenEvaluation evaluate_hidden(const Bundle& bundle, const HiddenItems& hidden,
                                               std::span<const Prediction> predictions,
                                               std::size_t sessions, std::size_t k,
                                               unsigned threads);

[[nodiscard]] nlohmann::json to_json(const HiddenEvaluation& evaluation);

}  // namespace vitrine::recommend
