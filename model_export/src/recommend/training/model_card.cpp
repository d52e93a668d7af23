#include "recommend/training/model_card.h"

#include "base/json.h"
#include "data/time_column.h"

namespace vitrine::recommend {

using nlohmann::json;

// Not in an unnamed namespace: the library finds it by the namespace of its argument.
static void to_json(json& out, const ModelCard::HeldOut& held_out) {
  out = {{"rule", held_out.rule}, {"hit_rate", held_out.hit_rate}, {"mrr", held_out.mrr}};
}

ModelCard model_card(const std::optional<data::LogSummary>& source,
                     const std::optional<SettingsChoice>& choice) {
  ModelCard card{
      .use = "Ranks the products of one shop in the shopper's browser, based on the session so far",
      .limits =
          {"Knows nothing about people who are not in this log: other shops, countries, seasons",
           "Items without events come last until the next training",
           "Learns from what was shown as much as from what was wanted; do not use it for "
           "prices, credit or health"},
      .held_out = {}};
  if (choice && choice->reason.empty()) {
    card.held_out = {
        .rule = choice->rule, .hit_rate = choice->chosen.hit_rate, .mrr = choice->chosen.mrr};
  }
  if (source) {
    card.trained_from = data::format_time(source->first_time) + " UTC";
    card.trained_to = data::format_time(source->last_time) + " UTC";
  }
  return card;
}

void to_json(json& out, const ModelCard& card) {
  out = {{"use", card.use}, {"limits", card.limits}, {"held_out", base::or_null(card.held_out)}};
  if (card.trained_to.empty()) return;
  out.update({{"trained_from", card.trained_from}, {"trained_to", card.trained_to}});
}

void from_json(const json& in, ModelCard& card) {
  base::read_field(in, "use", card.use);
  base::read_field(in, "limits", card.limits);
  base::read_field(in, "trained_from", card.trained_from);
  base::read_field(in, "trained_to", card.trained_to);
  if (const json held_out = base::object_field(in, "held_out"); !held_out.empty()) {
    card.held_out.emplace();
    base::read_field(held_out, "rule", card.held_out->rule);
    base::read_field(held_out, "hit_rate", card.held_out->hit_rate);
    base::read_field(held_out, "mrr", card.held_out->mrr);
  }
}

}  // namespace vitrine::recommend
