#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::report {

/// Sections of the report, each from the command's JSON; empty where that has nothing to show.
[[nodiscard]] std::string data_section(const nlohmann::json& result);
[[nodiscard]] std::string rules_section(const nlohmann::json& result);
[[nodiscard]] std::string quality_section(const nlohmann::json& result);
[[nodiscard]] std::string first_visit_section(const nlohmann::json& result);
[[nodiscard]] std::string hidden_items_section(const nlohmann::json& result);
[[nodiscard]] std::string return_visit_section(const nlohmann::json& result);
[[nodiscard]] std::string segments_section(const nlohmann::json& result);
[[nodiscard]] std::string lists_section(const nlohmann::json& result);
[[nodiscard]] std::string sizes_section(const nlohmann::json& result);
[[nodiscard]] std::string examples_section(const nlohmann::json& result);
[[nodiscard]] std::string card_section(const nlohmann::json& result);
[[nodiscard]] std::string settings_section(const nlohmann::json& result);
[[nodiscard]] std::string choice_section(const nlohmann::json& result);

}  // namespace vitrine::report
