#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "recommend/training/tuning_journal.h"

namespace vitrine::recommend {

/// A value of one setting, and how well it did.
struct TriedSetting {
  std::string setting;
  double value = 0.0;
  Score score;
};

/// The choice of settings on held-out events.
struct SettingsChoice {
  std::string reason;  // why none were chosen; then nothing below holds. Empty: some were
  std::size_t held_out_sessions = 0;
  std::size_t predictions = 0;
  std::string rule;  // words: what the score is
  Score start;
  Score chosen;
  bool cut_short = false;            // whether the time was up before all were tried
  std::size_t resumed = 0;           // scores of an interrupted run
  std::vector<std::string> reasons;  // why each kind of model was taken or left out
  std::vector<TriedSetting> tried;   // in order
};

/// All but `resumed`: an interruption must not show in the bundle.
void to_json(nlohmann::json& out, const SettingsChoice& choice);
/// Keeps the defaults of what is missing or has another type.
void from_json(const nlohmann::json& in, SettingsChoice& choice);

}  // namespace vitrine::recommend
