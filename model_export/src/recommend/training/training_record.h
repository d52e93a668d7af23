#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/log_summary.h"
#include "recommend/training/model_card.h"
#include "recommend/training/settings_choice.h"
#include "recommend/training/training_report.h"

namespace vitrine::recommend {

/// The record of a training that reports show: of one that just ran, or of the one that a bundle
/// names. An absent field is not known.
struct TrainingRecord {
  /// Settings of one kind, as people read them.
  struct Settings {
    std::string section;
    std::vector<std::pair<std::string, std::string>> values;  // name, value
  };
  std::optional<data::LogSummary> source;
  std::optional<std::uint64_t> items;  // in the bundle
  std::optional<std::uint64_t> brotli_bytes;
  std::optional<model::FloorCounts> floor;  // of shoppers; absent: there was none
  std::optional<ModelCard> card;
  std::vector<Settings> settings;
  std::vector<std::string> first_visit_reasons;
  std::optional<SettingsChoice> choice;
};

[[nodiscard]] TrainingRecord record_of(const TrainingReport& report);

/// Reads the metadata of a bundle, which may be of another program: what it does not have, or has
/// in another form, is absent.
[[nodiscard]] TrainingRecord read_record(std::string_view metadata);

/// The least number of shoppers that a bundle with this metadata was trained with; 0: none.
[[nodiscard]] std::uint32_t floor_of(std::string_view metadata);

}  // namespace vitrine::recommend
