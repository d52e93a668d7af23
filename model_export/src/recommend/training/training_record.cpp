#include "recommend/training/training_record.h"

#include <fmt/format.h>

#include "base/json.h"

namespace vitrine::recommend {
namespace {

using nlohmann::json;

/// Formats a value for people: text as it is, lists with commas.
std::string plain(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  if (value.is_array()) {
    std::string text;
    for (const json& entry : value) text += (text.empty() ? "" : ", ") + plain(entry);
    return text;
  }
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// `config`: as to_json(TrainOptions) writes it.
std::vector<TrainingRecord::Settings> settings_of(const json& config) {
  std::vector<TrainingRecord::Settings> all;
  for (const auto& [section, values] : config.items()) {
    if (!values.is_object()) continue;
    TrainingRecord::Settings& settings = all.emplace_back(TrainingRecord::Settings{section, {}});
    for (const auto& [name, value] : values.items()) {
      settings.values.emplace_back(
          name, value.is_array() ? fmt::format("[{}]", plain(value)) : plain(value));
    }
  }
  return all;
}

/// An object of the metadata; absent where it has none, or an empty one.
template <typename T>
std::optional<T> part_of(const json& metadata, const char* name) {
  const json part = base::object_field(metadata, name);
  if (part.empty()) return std::nullopt;
  return part.get<T>();
}

std::optional<model::FloorCounts> read_floor(const json& in) {
  model::FloorCounts floor;
  base::read_field(in, "min_shoppers", floor.min_shoppers);
  base::read_field(in, "items", floor.items);
  base::read_field(in, "items_left_out", floor.items_left_out);
  base::read_field(in, "events", floor.events);
  base::read_field(in, "events_left_out", floor.events_left_out);
  base::read_field(in, "pairs", floor.pairs);
  base::read_field(in, "pairs_left_out", floor.pairs_left_out);
  base::read_field(in, "sessions", floor.sessions);
  base::read_field(in, "sessions_cut", floor.sessions_cut);
  if (floor.min_shoppers == 0 || floor.min_shoppers > kMostMinShoppers) return std::nullopt;
  return floor;
}

}  // namespace

TrainingRecord record_of(const TrainingReport& report) {
  TrainingRecord record{.source = report.source,
                        .items = report.counts.items,
                        .brotli_bytes = {},
                        .floor = {},
                        .card = report.card,
                        .settings = settings_of(report.options),
                        .first_visit_reasons = {},
                        .choice = report.choice};
  record.floor = report.floor;
  if (report.bundle) record.brotli_bytes = report.bundle->brotli_bytes;
  if (report.first_visit) record.first_visit_reasons = report.first_visit->reasons;
  return record;
}

TrainingRecord read_record(std::string_view text) {
  const json metadata = base::try_json(text).value_or(nullptr);
  TrainingRecord record{.source = part_of<data::LogSummary>(metadata, "source"),
                        .items = {},
                        .brotli_bytes = {},
                        .floor = read_floor(base::object_field(metadata, "privacy")),
                        .card = part_of<ModelCard>(metadata, "card"),
                        .settings = settings_of(base::object_field(metadata, "settings")),
                        .first_visit_reasons = {},
                        .choice = part_of<SettingsChoice>(metadata, "choice")};
  std::uint64_t items = 0;
  if (base::read_field(base::object_field(metadata, "counts"), "items", items)) {
    record.items = items;
  }
  base::read_field(base::object_field(metadata, "first_visit"), "reasons",
                   record.first_visit_reasons);
  return record;
}

std::uint32_t floor_of(std::string_view metadata) {
  const auto floor = read_record(metadata).floor;
  return floor ? floor->min_shoppers : 0;
}

}  // namespace vitrine::recommend
