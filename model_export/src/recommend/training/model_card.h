#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data/log_summary.h"
#include "recommend/training/settings_choice.h"

namespace vitrine::recommend {

/// Tells who receives a bundle what it is for and is not, what it was trained on up to when, and
/// how well it did on what was held out (after Mitchell et al., Model Cards for Model Reporting,
/// FAT* 2019). Short, since pages load it.
struct ModelCard {
  /// Returns the quality of the chosen settings on the held-out events. These models had not seen
  /// the events, but the result is slightly too good, because the settings were chosen by it.
  struct HeldOut {
    std::string rule;
    double hit_rate = 0.0;
    double mrr = 0.0;
  };
  std::string use;
  std::vector<std::string> limits;
  std::optional<HeldOut> held_out;  // absent: no settings were chosen
  std::string trained_from;         // words, UTC; empty: not known
  std::string trained_to;
};

/// No clock is read: the same training gives the same card.
[[nodiscard]] ModelCard model_card(const std::optional<data::LogSummary>& source,
                                   const std::optional<SettingsChoice>& choice);

void to_json(nlohmann::json& out, const ModelCard& card);
/// Keeps the defaults of what is missing or has another type.
void from_json(const nlohmann::json& in, ModelCard& card);

}  // namespace vitrine::recommend
