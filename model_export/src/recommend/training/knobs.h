#pragma once

#include <functional>
#include <string>
#include <vector>

#include "recommend/training/options.h"

namespace vitrine::recommend {

/// A setting that tuning turns, and the values that it may take.
struct Knob {
  std::string name;
  std::function<double(const TrainOptions&)> get;
  std::function<void(TrainOptions&, double)> set;
  std::vector<double> values;  // rising
  bool rebuild = false;        // it changes the model, not just numbers in the bundle
};

/// What decides on session rows, in the order in which tuning turns it. `span_days`: how long the
/// log is. `returning`: whether shoppers have earlier sessions.
[[nodiscard]] std::vector<Knob> row_knobs(double span_days, bool returning);

/// What decides on the list of a shopper who has come back and done nothing yet.
[[nodiscard]] Knob opening_knob();

/// How far session rows follow the sequence teacher.
[[nodiscard]] Knob teacher_knob();

/// What decides on session neighbours: their share of the budget, then how they vote.
[[nodiscard]] std::vector<Knob> neighbour_knobs();

/// What decides on embeddings.
[[nodiscard]] std::vector<Knob> embedding_knobs();

}  // namespace vitrine::recommend
