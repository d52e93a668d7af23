#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "recommend/evaluation/bootstrap.h"
#include "recommend/evaluation/predictor.h"
#include "vitrine/format/bundle.h"

namespace vitrine::recommend {

/// The quality of one ranking method at predicting the next item.
struct HiddenScore {
  Estimate hit_rate;  // target among the first k
  Estimate mrr;       // 1 / rank, or 0 below k
};

/// Predictions of items that were hidden from training as if they were new. Next to the model there
/// are three ranking methods that need no events of an item: a random order; the mean popularity of
/// the item's category; and the items of the last item's category first, with both parts ordered by
/// that popularity. Items that tie in these rankings count with their expected place. A target that
/// the rules exclude from the list is a miss for all methods.
struct HiddenEvaluation {
  struct Ranked {
    HiddenScore model, same_category, category_popularity, random;

    struct Named {
      const char* name;
      HiddenScore score;
    };
    /// In the order of tables, with the names that tables give them.
    [[nodiscard]] std::array<Named, 4> named() const {
      return {{{"model", model},
               {"same category", same_category},
               {"category popularity", category_popularity},
               {"random", random}}};
    }
  };
  std::size_t items = 0;
  std::size_t predictions = 0;
  Ranked among_all;     // among all items of the bundle
  Ranked among_hidden;  // among hidden items alone
  std::size_t other_predictions = 0;
  HiddenScore others;  // metrics of the targets with events, ranked by the model among all items
};

/// Evaluates the hidden items. `predictions` come from a Predictor with `hidden`; `sessions` is the
/// number of sessions it used.
[[nodiscard]] HiddenEvaluation evaluate_hidden(const Bundle& bundle, const HiddenItems& hidden,
                                               std::span<const Prediction> predictions,
                                               std::size_t sessions, std::size_t k,
                                               unsigned threads);

void to_json(nlohmann::json& out, const HiddenEvaluation& evaluation);

}  // namespace vitrine::recommend
