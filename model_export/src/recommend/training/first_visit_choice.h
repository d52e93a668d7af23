#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "recommend/training/options.h"
#include "statistics/training_source.h"

namespace vitrine::recommend {

/// How well first events were predicted.
struct FirstVisitScore {
  std::size_t asked = 0;
  double hit_rate = 0.0;
  double mrr = 0.0;
};

/// What first visits were tried with.
struct FirstVisitChoice {
  struct HalfLife {
    double days = 0.0;
    FirstVisitScore score;
  };
  /// Events whose country is known, predicted from what is best known there, and without that.
  struct Markets {
    FirstVisitScore with;
    FirstVisitScore without;
  };
  std::vector<HalfLife> half_lives;  // of popularity
  std::optional<Markets> markets;
  std::vector<std::string> reasons;  // sentences for people
};
void to_json(nlohmann::json& out, const FirstVisitChoice& choice);

/// Chooses what shoppers without a history are shown, by the first events of the latest tenth of
/// the sessions and what the log had before: how fast popularity decays, unless `options` say so,
/// and whether what is best known in a country pays where the country is known. A choice other than
/// the default must gain more hits than chance explains. Returns what was tried, with the reasons.
[[nodiscard]] FirstVisitChoice choose_first_visit(statistics::TrainingSource& source,
                                                  TrainOptions& options);

}  // namespace vitrine::recommend
