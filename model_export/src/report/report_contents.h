#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/log_summary.h"
#include "recommend/evaluation/judgement.h"
#include "recommend/training/training_record.h"
#include "report/examples.h"

namespace vitrine::report {

/// The split of a log into a part to train on and a part to measure on, in words.
struct SplitWords {
  std::string name;
  std::string test;
};

/// The contents of a report.
struct Report {
  enum class Kind { kEvaluation, kBacktest, kTraining };
  Kind kind = Kind::kEvaluation;
  std::optional<data::LogSummary> source;
  std::optional<SplitWords> split;
  std::optional<recommend::Judgement> judgement;
  std::vector<recommend::SizeJudgement> sizes;
  recommend::TrainingRecord training;
  std::vector<Example> examples;
};

}  // namespace vitrine::report
