#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "recommend/training/options.h"
#include "statistics/training_source.h"

namespace vitrine::recommend {

/// The quality of predictions of first events.
struct FirstVisitScore {
  std::size_t asked = 0;
  double hit_rate = 0.0;
  double mrr = 0.0;
};

/// The settings that first visits were tried with, and the choice.
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

/// Chooses the list for shoppers without a history, from the first events of the latest tenth of
/// the sessions and the log before them: the half-life of popularity, unless `options` have one,
/// and whether the best-known items of each country are used. A choice other than the default must
/// gain more hits than chance explains. Returns the tried choices with the reasons.
[[nodiscard]] FirstVisitChoice choose_first_visit(statistics::TrainingSource& source,
                                                  TrainOptions& options);

}  // namespace vitrine::recommend
