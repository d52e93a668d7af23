#pragma once

#include <string>

#include "report/report_contents.h"

namespace vitrine::report {

/// Sections of the page; each is empty where the report has nothing to show.
[[nodiscard]] std::string data_section(const Report& report);
[[nodiscard]] std::string rules_section(const Report& report);
[[nodiscard]] std::string examples_section(const Report& report);
[[nodiscard]] std::string card_section(const recommend::TrainingRecord& training);
[[nodiscard]] std::string floor_section(const recommend::TrainingRecord& training);
[[nodiscard]] std::string settings_section(const recommend::TrainingRecord& training);
[[nodiscard]] std::string choice_section(const recommend::TrainingRecord& training);

[[nodiscard]] std::string quality_section(const recommend::Judgement& judgement);
[[nodiscard]] std::string first_visit_section(const recommend::Judgement& judgement);
[[nodiscard]] std::string hidden_items_section(const recommend::Judgement& judgement);
[[nodiscard]] std::string return_visit_section(const recommend::Judgement& judgement);
[[nodiscard]] std::string segments_section(const recommend::Judgement& judgement);
[[nodiscard]] std::string lists_section(const recommend::Judgement& judgement);
/// `k`: length of the lists.
[[nodiscard]] std::string sizes_section(const std::vector<recommend::SizeJudgement>& sizes,
                                        std::size_t k);

}  // namespace vitrine::report
