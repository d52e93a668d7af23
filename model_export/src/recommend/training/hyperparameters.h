#pragma once

#include <functional>
#include <string>
#include <vector>

#include "recommend/training/options.h"

namespace vitrine::recommend {

/// A hyperparameter that tuning chooses, with its possible values.
struct Hyperparameter {
  std::string name;
  std::function<double(const TrainOptions&)> get;
  std::function<void(TrainOptions&, double)> set;
  std::vector<double> values;  // rising
  bool rebuild = false;        // it changes the model, not just numbers in the bundle
};

/// Returns the hyperparameters of session rows in the order in which tuning tries them. `span_days`
/// is the length of the log. `returning` is true when shoppers have earlier sessions.
[[nodiscard]] std::vector<Hyperparameter> row_hyperparameters(double span_days, bool returning);

/// Returns the hyperparameter of the list for a returning shopper before the first event.
[[nodiscard]] Hyperparameter opening_hyperparameter();

/// Returns the weight of the sequence teacher in session rows.
[[nodiscard]] Hyperparameter teacher_hyperparameter();

/// Returns the hyperparameters of session neighbours: their share of the budget first, then those
/// of the votes.
[[nodiscard]] std::vector<Hyperparameter> neighbour_hyperparameters();

/// Returns the hyperparameters of embeddings.
[[nodiscard]] std::vector<Hyperparameter> embedding_hyperparameters();

}  // namespace vitrine::recommend
