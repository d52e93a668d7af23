#include "recommend/training/new_items.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "model_export/command_fixture.h"
#include "model_export/ingest_fixture.h"
#include "model_export/log_fixture.h"
#include "simulate/simulation.h"

namespace vitrine::recommend {

namespace {

/// Reads a catalogue of `csv`.
void read_catalogue(statistics::EventLog& log, const std::string& csv) {
  const Folder folder;
  data::ReadOptions read;
  read.files = {folder.write("items.csv", csv)};
  log.read_items(read);
}

/// `old` is seen all the time, `launched` in the last tenth alone. One event a second: of the last
/// tenth, which begins with event 89, the old item has 5 events and the launched one 6.
std::vector<LogEvent> log_with_launch() {
  std::vector<LogEvent> log;
  for (int i = 0; i < 100; ++i) {
    log.push_back({.session = i, .item = i >= 94 ? "launched" : "old", .time = 1600000000 + i});
  }
  return log;
}

/// Two items with events and three without; the catalogue says nothing of the last.
bundle::BundleContents contents() {
  return {.ids = {"mug", "pan", "cup", "sold-out", "mystery"},
          .popularity = {4.0, 2.0, 0.0, 0.0, 0.0},
          .attributes = {{.category = "Mugs"},
                         {.category = "Pans"},
                         {.category = "Mugs"},
                         {.category = "Pans", .available = false},
                         {}}};
}

const std::vector<std::string> kNoTitles(5);

}  // namespace

TEST_CASE("what new items count follows from how those of late were taken up") {
  statistics::EventLog log = event_log(log_with_launch());
  CHECK(new_item_weight(log.new_item_counts({})) == 1.0F);  // no catalogue
  read_catalogue(log, "id,title\nold,\nlaunched,\n");
  CHECK(new_item_weight(log.new_item_counts({})) == 1.0F);
  // Four new items have 6 events; a fifth is assumed with the old one's 5: 11 / 5 over 5.
  read_catalogue(log, "id,title\nold,\nlaunched,\ndead-1,\ndead-2,\ndead-3,\n");
  CHECK(std::abs(new_item_weight(log.new_item_counts({})) - 0.44F) < 1e-6F);
  // An item that is not available has no influence.
  read_catalogue(log, "id,available\nold,1\nlaunched,1\ndead-1,0\ndead-2,0\ndead-3,0\n");
  CHECK(new_item_weight(log.new_item_counts({})) == 1.0F);
  std::string many = "id,title\nold,\n";
  for (int i = 0; i < 50; ++i) many += fmt::format("dead-{},\n", i);
  read_catalogue(log, many);
  CHECK(new_item_weight(log.new_item_counts({})) == 0.1F);
}

TEST_CASE("new items get popularity, rows and embeddings of alike items") {
  const NewItems items(contents(), kNoTitles, 2, {.neighbours = 5, .weight = 0.5F}, 1);
  CHECK(items.counts().without_events == 3);
  CHECK(items.counts().borrow_from_alike == 2);

  std::vector<double> popularity = contents().popularity;
  items.fill_popularity(popularity);
  CHECK(popularity == std::vector<double>{4.0, 2.0, 2.0, 1.0, 0.0});

  std::vector<model::SessionEntry> rows = {{0, 1, 0.8F}, {1, 0, 0.4F}};
  items.fill_rows(rows, 64);
  REQUIRE(rows.size() == 6);
  // Pans lead to the cup, the cup to pans; the sold-out pan leads to both mugs, and nothing to it.
  CHECK((rows[1].source == 1 && rows[1].target == 0));
  CHECK((rows[2].source == 1 && rows[2].target == 2 && rows[2].weight == 0.2F));
  CHECK((rows[3].source == 2 && rows[3].target == 1 && rows[3].weight == 0.4F));
  CHECK((rows[4].source == 3 && rows[4].target == 0 && rows[4].weight == 0.2F));
  CHECK((rows[5].source == 3 && rows[5].target == 2 && rows[5].weight == 0.1F));

  const model::EmbeddingMatrix trained{.dims = 2, .values = {1.0F, 2.0F, 3.0F, 4.0F}};
  model::EmbeddingMatrix lent = trained;
  items.fill_embeddings(lent, 1000);
  CHECK(lent.values ==
        std::vector<float>{1.0F, 2.0F, 3.0F, 4.0F, 0.5F, 1.0F, 1.5F, 2.0F, 0.0F, 0.0F});
  model::EmbeddingMatrix narrow = trained;
  items.fill_embeddings(narrow, 19);
  CHECK(narrow.values == std::vector<float>{1, 2, 3, 4, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("new items borrow nothing when asked not to, or where no item is like them") {
  const NewItems off(contents(), kNoTitles, 2, {.neighbours = 0, .weight = 1.0F}, 1);
  bundle::BundleContents bare = contents();
  bare.attributes.assign(5, {});
  const NewItems poor(bare, kNoTitles, 2, {.neighbours = 5, .weight = 1.0F}, 1);
  for (const NewItems* items : {&off, &poor}) {
    CHECK(items->counts().borrow_from_alike == 0);
    std::vector<model::SessionEntry> rows = {{0, 1, 0.8F}};
    items->fill_rows(rows, 64);
    CHECK(rows.size() == 1);
    std::vector<double> popularity = contents().popularity;
    items->fill_popularity(popularity);
    CHECK(popularity == contents().popularity);
  }
}

TEST_CASE("in a simulated shop new items are found, and others hardly less") {
  const Folder folder;
  simulate::SimulationOptions options;
  options.shoppers = 1500;
  options.products = 400;
  options.out = folder / "shop";
  simulate::simulate(options);
  const auto backtest = [&](const std::string& config) {
    const Ran ran =
        vitrine({"backtest", "--events", folder / "shop/events.csv", "--items",
                 folder / "shop/items.csv", "--hide-items", "0.1", "--no-tune", "--filter-seen",
                 "--config", folder.write("config.json", config), "--min-shoppers", "5", "--json"});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return ran.json();
  };
  const nlohmann::json with = backtest("{}");
  const nlohmann::json without = backtest(R"({"content": {"neighbours": 0}})");
  const nlohmann::json& hidden = with["hidden_items"];
  REQUIRE(hidden["predictions"] > 200);
  const auto mrr = [&](const char* part, const char* way) {
    return hidden[part][way]["mrr"].get<double>();
  };
  CHECK(hidden["among_hidden"]["model"]["mrr_interval"][0] > 2.0 * mrr("among_hidden", "random"));
  CHECK(mrr("among_hidden", "model") > mrr("among_hidden", "same_category"));
  CHECK(hidden["among_all"]["model"]["hit_rate"] > 0.2);
  CHECK(without["hidden_items"]["among_all"]["model"]["hit_rate"] < 0.05);
  CHECK(with["hit_rate"] > without["hit_rate"]);
  CHECK(hidden["others"]["hit_rate"].get<double>() >
        without["hidden_items"]["others"]["hit_rate"].get<double>() - 0.03);
}

}  // namespace vitrine::recommend
