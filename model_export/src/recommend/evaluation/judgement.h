#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "recommend/evaluation/evaluation.h"

namespace vitrine::recommend {

/// A model measured beside what it has to beat, all by the same rules on the same sessions.
struct Judgement {
  EvaluationOptions rules;
  std::size_t sessions = 0;  // of the test
  std::size_t events = 0;
  Evaluation model;
  Evaluation popularity;
  std::optional<Evaluation> popularity_7_days;  // absent: there is no bundle of baselines with it
  std::optional<Evaluation> item_knn;           // absent: there is no bundle of baselines
  double seconds = 0.0;                         // that measuring took
};

/// A way to rank, by the name that tables give it. `place`: 0 for the model; the same for a
/// baseline whether or not others are there.
struct Subject {
  const char* name;
  int place;
  const Evaluation* evaluation;
};

/// The model, then the baselines that are there, in the order of tables. They point into
/// `judgement`.
[[nodiscard]] std::vector<Subject> subjects(const Judgement& judgement);

/// Words for what is predicted.
[[nodiscard]] const char* target_words(const EvaluationOptions& rules);

/// The same model fitted into one budget.
struct SizeJudgement {
  std::size_t budget = 0;
  std::size_t needs =
      0;                 // bytes at least, where nothing fits; then nothing below holds. 0: it fits
  std::size_t size = 0;  // as the budget counts
  std::size_t bytes = 0;
  std::size_t session_entries = 0;
  std::uint32_t embedding_dims = 0;
  double coverage = 0.0;
  Accuracy accuracy;
};

/// As `vitrine evaluate --json` and `vitrine backtest --json` print them.
void to_json(nlohmann::json& out, const Judgement& judgement);
void to_json(nlohmann::json& out, const SizeJudgement& judgement);

}  // namespace vitrine::recommend
