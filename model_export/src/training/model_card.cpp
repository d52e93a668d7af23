#include "training/model_card.h"

#include <algorithm>

#include "ingest/time_column.h"

namespace vitrine::train {
namespace {

using nlohmann::json;

/// The best of what the choice of settings tried: a measurement on sessions that those models had
/// not seen, if a little too good for having been chosen by.
json held_out(const json& report) {
  const json tried = report.value("choice", json::object()).value("tried", json::array());
  const json* best = nullptr;
  double best_score = -1.0;
  for (const json& entry : tried) {
    double score = 0.0;
    for (const char* key : {"hit_rate", "mrr", "hit_rate_unseen", "mrr_unseen"}) {
      score += entry.value(key, 0.0);
    }
    if (score > best_score) best = &entry;
    best_score = std::max(best_score, score);
  }
  if (best == nullptr) return nullptr;
  return {{"on", "last tenth of the sessions, model of those before"},
          {"hit_rate_at_20", best->value("hit_rate", 0.0)},
          {"mrr_at_20", best->value("mrr", 0.0)}};
}

}  // namespace

json model_card(const json& report) {
  const json source = report.value("source", json::object());
  json card = {
      {"use", "Ranks the products of one shop in the shopper's browser, from the session so far"},
      {"limits",
       {"Knows nothing of who is not in this log: other shops, countries, seasons",
        "Items without events come last until trained anew",
        "Learns what was shown as much as what was wanted; not for prices, credit or health"}},
      {"held_out", held_out(report)}};
  if (source.contains("last_time")) {
    card["trained_to"] = format_time(source["last_time"]) + " UTC";
    card["trained_from"] = format_time(source["first_time"]) + " UTC";
  }
  return card;
}

}  // namespace vitrine::train
