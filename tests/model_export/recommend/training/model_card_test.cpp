#include "recommend/training/model_card.h"

#include <catch2/catch_test_macros.hpp>

namespace vitrine::recommend {

TEST_CASE(
    "a card says up to when the log went, and how the chosen settings did on what was held out") {
  const nlohmann::json report = {
      {"source", {{"first_time", 1600000000}, {"last_time", 1600086400}}},
      {"choice",
       {{"rule", "next event"}, {"chosen", {{"score", 0.9}, {"hit_rate", 0.6}, {"mrr", 0.3}}}}}};
  const nlohmann::json card = model_card(report);
  CHECK(card["trained_from"] == "2020-09-13 12:26:40 UTC");
  CHECK(card["trained_to"] == "2020-09-14 12:26:40 UTC");
  CHECK(card["held_out"] ==
        nlohmann::json{{"rule", "next event"}, {"hit_rate", 0.6}, {"mrr", 0.3}});
  CHECK(card["use"].is_string());
  CHECK(card["limits"].size() >= 2);
  CHECK(card == model_card(report));
}

TEST_CASE("a card without a choice of settings claims no quality") {
  CHECK(model_card({{"source", nlohmann::json::object()}})["held_out"].is_null());
  CHECK(model_card({{"choice", {{"reason", "too few"}}}})["held_out"].is_null());
}

}  // namespace vitrine::recommend
