#include "recommend/evaluation/hidden_items.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/shop.h"
#include "model_export/command_fixture.h"
#include "recommend/evaluation/evaluation.h"

namespace vitrine::recommend {

namespace {

using namespace vitrine::testing;

bool close(double is, double expected) { return std::abs(is - expected) < 1e-9; }

/// Four predictions of items with events, and two of hidden ones: the vase after a lamp and an
/// unknown item, and the bowl after these and the vase.
HiddenEvaluation worked(std::size_t k) {
  const OpenBundle shop(small_shop());
  TestSessions sessions;
  for (const std::vector<std::uint32_t>& list : std::vector<std::vector<std::uint32_t>>{
           {kMug, kKettle, kPan}, {kLamp, TestSessions::kUnknown, kVase, kBowl}, {kMug, kMug}}) {
    for (const std::uint32_t item : list) sessions.events.push_back({.item = item});
    sessions.offsets.push_back(sessions.events.size());
  }
  const std::vector<std::string> ids = {"bowl,\"2\"", "vase-\xF0\x9F\x8C\xB7", "nobody"};
  const HiddenItems hidden(shop.bundle, ids);
  return evaluate(shop.bundle, sessions, {.k = k, .hidden = &hidden}).hidden.value();
}

/// Events and a catalogue of seven items in two categories.
struct Workplace {
  Folder folder;
  std::string events = folder.write("events.csv", small_csv(200));
  std::string items = folder.write("items.csv",
                                   "id,category,title\na,Mugs,red mug\nb,Mugs,blue mug\n"
                                   "c,Mugs,sage mug\nd,Mugs,red cup\ne,Pans,red pan\n"
                                   "f,Pans,blue pan\ng,Pans,sage pan\n");

  [[nodiscard]] Ran backtest(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"backtest", "--events", events, "--no-tune"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return vitrine(arguments);
  }
};

}  // namespace

TEST_CASE("hidden items are ranked among all and among themselves, as worked out by hand") {
  const HiddenEvaluation result = worked(4);
  CHECK(result.items == 2);
  CHECK(result.predictions == 2);
  // The vase is first of all and of the two; the bowl is not among four, and second of the two.
  CHECK(close(result.among_all.model.hit_rate.mean, 0.5));
  CHECK(close(result.among_all.model.mrr.mean, 0.5));
  CHECK(close(result.among_hidden.model.hit_rate.mean, 1.0));
  CHECK(close(result.among_hidden.model.mrr.mean, 0.75));
  CHECK(result.other_predictions == 4);
  CHECK(close(result.others.hit_rate.mean, 0.75));
}

TEST_CASE("rankings that need no events are judged by expected places") {
  const HiddenEvaluation two = worked(4);
  const HiddenEvaluation one = worked(1);
  // Of eight items, and of two.
  CHECK(close(two.among_all.random.hit_rate.mean, 0.5));
  CHECK(close(two.among_all.random.mrr.mean, (1.0 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4) / 8));
  CHECK(close(two.among_hidden.random.mrr.mean, 0.75));
  CHECK(close(one.among_hidden.random.hit_rate.mean, 0.5));
  // Mugs are better known than what stands in Living, where nothing else does.
  CHECK(close(two.among_hidden.category_popularity.mrr.mean, 0.75));
  CHECK(close(one.among_hidden.category_popularity.hit_rate.mean, 0.5));
  // Before the vase the category is unknown; before the bowl it is the vase's own.
  CHECK(close(two.among_hidden.same_category.mrr.mean, 0.5));
  CHECK(close(one.among_hidden.same_category.hit_rate.mean, 0.0));
}

TEST_CASE("a hidden item that the rules keep off the list is a miss of every ranking") {
  const OpenBundle shop(small_shop());
  TestSessions sessions;
  for (const std::uint32_t item : {kBowl, kBowl}) sessions.events.push_back({.item = item});
  sessions.offsets.push_back(sessions.events.size());
  const HiddenItems hidden(shop.bundle, std::vector<std::string>{"bowl,\"2\""});
  for (const bool dropped : {true, false}) {
    const HiddenEvaluation result =
        evaluate(shop.bundle, sessions,
                 {.drop_current = dropped, .filter_seen = !dropped, .hidden = &hidden})
            .hidden.value();
    CHECK(result.predictions == 1);
    CHECK(result.among_hidden.model.hit_rate.mean == 0.0);
    CHECK(result.among_hidden.random.hit_rate.mean == 0.0);
    CHECK(result.among_all.same_category.hit_rate.mean == 0.0);
  }
}

TEST_CASE("what a shopper had in an earlier session alone is not kept off the list") {
  const OpenBundle shop(small_shop());
  TestSessions sessions;
  for (const std::uint32_t item : {kPan, kBowl}) sessions.events.push_back({.item = item});
  sessions.offsets.push_back(sessions.events.size());
  sessions.past = {{.item = kBowl, .starts_session = true}};
  sessions.past_of = {{0, 1}};
  const HiddenItems hidden(shop.bundle, std::vector<std::string>{"bowl,\"2\""});
  const HiddenEvaluation result =
      evaluate(shop.bundle, sessions, {.filter_seen = true, .hidden = &hidden}).hidden.value();
  CHECK(result.predictions == 1);
  CHECK(close(result.among_hidden.model.hit_rate.mean, 1.0));
  CHECK(close(result.among_hidden.random.hit_rate.mean, 1.0));
}

TEST_CASE("a backtest hides the same items again, and trains without them") {
  const Workplace place;
  const std::vector<std::string> hide = {"--items", place.items, "--hide-items", "0.4", "--json"};
  const Ran ran = place.backtest(hide);
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const nlohmann::json result = ran.json();
  const nlohmann::json& hidden = result["hidden_items"];
  CHECK(hidden["items"] == result["training"]["new_items"]["without_events"]);
  CHECK(hidden["items"] > 0);
  CHECK(hidden["predictions"] > 0);
  CHECK(hidden["predictions"].get<int>() + hidden["others"]["predictions"].get<int>() ==
        result["predictions"].get<int>());
  CHECK(result["unknown_targets"] == 0);
  CHECK(result["training"]["settings"]["content"]["weight"] == 1.0);
  CHECK(place.backtest(hide).json()["hidden_items"] == hidden);
  const nlohmann::json all = place.backtest({"--items", place.items, "--json"}).json();
  CHECK_FALSE(all.contains("hidden_items"));
  CHECK(all["training"]["counts"]["items_with_events"] == 7);
}

TEST_CASE("hidden items stand in the text and in the report") {
  const Workplace place;
  const std::string page = place.folder / "page.html";
  const Ran ran = place.backtest({"--items", place.items, "--hide-items", "0.4", "--report", page});
  REQUIRE(ran.code == 0);
  CHECK(ran.says("among hidden items"));
  CHECK(ran.says("category popularity"));
  CHECK(ran.says("items without events"));
  CHECK(bytes_of(page).find("Among the hidden items alone") != std::string::npos);
}

TEST_CASE("hiding items needs a catalogue and leaves something to train on") {
  const Workplace place;
  CHECK(place.backtest({"--hide-items", "0.4"}).code == 2);
  CHECK(place.backtest({"--items", place.items, "--hide-items", "2"}).code == 2);
  const Ran all = place.backtest({"--items", place.items, "--hide-items", "1"});
  CHECK(all.code == 3);
  CHECK(all.says("another share"));
  const std::string others = place.folder.write("others.csv", "id,title\nx,mug\n");
  CHECK(place.backtest({"--items", others, "--hide-items", "0.4"}).code == 3);
}

}  // namespace vitrine::recommend
