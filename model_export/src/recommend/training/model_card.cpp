#include "recommend/training/model_card.h"

#include "data/time_column.h"

namespace vitrine::recommend {
namespace {

using nlohmann::json;

/// How the chosen settings did on what was held out: a measurement on events that those models had
/// not seen, if a little too good for having been chosen by.
json held_out(const json& report) {
  const json choice = report.value("choice", json::object());
  if (!choice.contains("chosen")) return nullptr;
  return {{"rule", choice.value("rule", "")},
          {"hit_rate", choice["chosen"].value("hit_rate", 0.0)},
          {"mrr", choice["chosen"].value("mrr", 0.0)}};
}

}  // namespace

json model_card(const json& report) {
  const json source = report.value("source", json::object());
  json card = {
      {"use",
       "Ranks the products of one shop in the shopper's browser, based on the session so far"},
      {"limits",
       {"Knows nothing about people who are not in this log: other shops, countries, seasons",
        "Items without events come last until the next training",
        "Learns from what was shown as much as from what was wanted; do not use it for prices, "
        "credit or health"}},
      {"held_out", held_out(report)}};
  if (source.contains("last_time")) {
    card["trained_to"] = data::format_time(source["last_time"]) + " UTC";
    card["trained_from"] = data::format_time(source["first_time"]) + " UTC";
  }
  return card;
}

}  // namespace vitrine::recommend
