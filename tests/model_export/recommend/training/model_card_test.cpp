#include "recommend/training/model_card.h"

#include <catch2/catch_test_macros.hpp>

namespace vitrine::recommend {

using nlohmann::json;

TEST_CASE(
    "a card says up to when the log went, and how the chosen settings did on what was held out") {
  const data::LogSummary source{.files = {}, .first_time = 1600000000, .last_time = 1600086400};
  const SettingsChoice choice{.reason = {},
                              .rule = "next event",
                              .chosen = {.hit_rate = 0.6, .mrr = 0.3},
                              .reasons = {},
                              .tried = {}};
  const ModelCard card = model_card(source, choice);
  CHECK(card.trained_from == "2020-09-13 12:26:40 UTC");
  CHECK(card.trained_to == "2020-09-14 12:26:40 UTC");
  REQUIRE(card.held_out);
  CHECK(card.held_out->rule == "next event");
  CHECK(card.held_out->hit_rate == 0.6);
  CHECK(card.held_out->mrr == 0.3);
  CHECK(!card.use.empty());
  CHECK(card.limits.size() >= 2);
  CHECK(json(card) == json(model_card(source, choice)));
}

TEST_CASE("a card without a choice of settings claims no quality") {
  CHECK(!model_card(data::LogSummary{}, std::nullopt).held_out);
  const SettingsChoice none{.reason = "too few"};
  CHECK(!model_card(std::nullopt, none).held_out);
  CHECK(json(model_card(std::nullopt, none))["held_out"].is_null());
}

TEST_CASE("a card is read back as it was written") {
  const SettingsChoice choice{.reason = {},
                              .rule = "next event",
                              .chosen = {.hit_rate = 0.6, .mrr = 0.3},
                              .reasons = {},
                              .tried = {}};
  const json written = model_card(data::LogSummary{.files = {}, .last_time = 1600086400}, choice);
  CHECK(json(written.get<ModelCard>()) == written);
}

}  // namespace vitrine::recommend
