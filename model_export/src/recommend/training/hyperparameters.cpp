#include "recommend/training/hyperparameters.h"

#include <utility>

namespace vitrine::recommend {
namespace {

/// A hyperparameter on one number, which `at` finds in the options.
template <typename At>
Hyperparameter hyperparameter(std::string name, At at, std::vector<double> values,
                              bool rebuild = false) {
  TrainOptions probe;
  using Number = std::remove_reference_t<decltype(at(probe))>;
  return {.name = std::move(name),
          .get =
              [at](const TrainOptions& options) {
                TrainOptions copy = options;
                return static_cast<double>(at(copy));
              },
          .set = [at](TrainOptions& options,
                      double value) { at(options) = static_cast<Number>(value); },
          .values = std::move(values),
          .rebuild = rebuild};
}

Hyperparameter row_decay() {
  return hyperparameter("ranking.row_decay",
                        [](TrainOptions& o) -> float& { return o.settings.row_decay; },
                        {0.1, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95});
}

Hyperparameter repeat_weight() {
  return hyperparameter("ranking.repeat_weight",
                        [](TrainOptions& o) -> float& { return o.settings.repeat_weight; },
                        {0.0, 0.02, 0.05, 0.1, 0.2, 0.4});
}

/// A half-life for a log in which age has no influence on taste.
constexpr double kForever = 1e5;

}  // namespace

std::vector<Hyperparameter> row_hyperparameters(double span_days, bool returning) {
  using O = TrainOptions;
  constexpr bool kRebuild = true;
  std::vector<Hyperparameter> hyperparameters = {
      repeat_weight(),
      row_decay(),
      // 0 stands for a third of the span, and so also for the values below these.
      hyperparameter(
          "statistics.session_half_life_days",
          [](O& o) -> double& { return o.statistics.session_half_life_days; },
          {0.0, 0.7 * span_days, kForever}, kRebuild),
      hyperparameter(
          "statistics.future_decay", [](O& o) -> double& { return o.statistics.future_decay; },
          {0.05, 0.1, 0.2, 0.4, 0.7}, kRebuild),
      hyperparameter(
          "statistics.past_decay", [](O& o) -> double& { return o.statistics.past_decay; },
          {0.3, 0.5, 0.7, 0.85, 0.95}, kRebuild),
      hyperparameter(
          "session_rows.alpha", [](O& o) -> float& { return o.rows.alpha; },
          {0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95}, kRebuild),
      hyperparameter(
          "session_rows.ridge", [](O& o) -> float& { return o.rows.ridge; },
          {3, 10, 30, 50, 100, 200, 400, 1000, 3000}, kRebuild),
      // This is never 0, because the list of a first visitor is ranked and explained by popularity
      // alone.
      hyperparameter("ranking.popularity",
                     [](O& o) -> float& { return o.settings.recommend.popularity; },
                     {0.0001, 0.001, 0.003, 0.01, 0.03, 0.1}),
  };
  if (returning) {
    const std::vector<Hyperparameter> of_past = {
        hyperparameter("ranking.session_decay",
                       [](O& o) -> float& { return o.settings.session_decay; },
                       {0.0, 0.03, 0.1, 0.2, 0.4, 0.7, 1.0}),
        hyperparameter("ranking.return_weight",
                       [](O& o) -> float& { return o.settings.return_weight; },
                       {0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0, 2.0})};
    hyperparameters.insert(hyperparameters.begin() + 2, of_past.begin(), of_past.end());
  }
  return hyperparameters;
}

Hyperparameter opening_hyperparameter() {
  return hyperparameter("ranking.opening_decay",
                        [](TrainOptions& o) -> float& { return o.settings.opening_decay; },
                        {0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0});
}

Hyperparameter teacher_hyperparameter() {
  return hyperparameter(
      "teacher.weight", [](TrainOptions& o) -> float& { return o.rows.teacher; }, {1.0, 2.0, 4.0},
      true);
}

std::vector<Hyperparameter> neighbour_hyperparameters() {
  using O = TrainOptions;
  return {
      hyperparameter(
          "neighbours.share", [](O& o) -> float& { return o.neighbours.share; }, {0.3, 0.5, 0.7},
          true),
      hyperparameter("ranking.neighbours",
                     [](O& o) -> float& { return o.settings.recommend.neighbours; },
                     {0.02, 0.05, 0.1, 0.2, 0.4, 1.0}),
      hyperparameter("neighbours.reach",
                     [](O& o) -> std::uint32_t& { return o.settings.neighbours.reach; },
                     {5, 10, 30}),
      hyperparameter("neighbours.last_n",
                     [](O& o) -> std::uint32_t& { return o.settings.neighbours.events; },
                     {3, 5, 10, 20}),
      hyperparameter("neighbours.k",
                     [](O& o) -> std::uint32_t& { return o.settings.neighbours.neighbours; },
                     {50, 100, 200, 500}),
      row_decay(),
      repeat_weight(),
  };
}

std::vector<Hyperparameter> embedding_hyperparameters() {
  using O = TrainOptions;
  return {
      hyperparameter(
          "embeddings.dims", [](O& o) -> std::uint32_t& { return o.als.dims; }, {16, 32, 64}, true),
      hyperparameter("ranking.embeddings",
                     [](O& o) -> float& { return o.settings.recommend.embeddings; },
                     {0.002, 0.005, 0.01, 0.02, 0.05, 0.1})};
}

}  // namespace vitrine::recommend
