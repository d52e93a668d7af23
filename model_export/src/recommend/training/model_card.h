#pragma once

#include <nlohmann/json.hpp>

namespace vitrine::recommend {

/// What who receives a bundle needs to know of it (after Mitchell et al., Model Cards for Model
/// Reporting, FAT* 2019), from the report of its training: what it is for and is not, what it was
/// trained on up to when, and how well it did on what was held out. No clock is read: the same
/// training gives the same card. Short, since pages load it.
[[nodiscard]] nlohmann::json model_card(const nlohmann::json& report);

}  // namespace vitrine::recommend
