#include "privacy/recount.h"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "bundle/bundle_file.h"
#include "bundle/bundle_writer.h"
#include "model_export/command_fixture.h"

namespace vitrine::privacy {
namespace {

/// A log in which `pair` shoppers met a and b together and five more each of them alone.
model::LoggedSessions log_of(int pair) {
  model::LoggedSessions log;
  log.ids = {"a", "b"};
  const auto add = [&log](std::initializer_list<std::uint32_t> items) {
    log.items.insert(log.items.end(), items);
    log.kinds.resize(log.items.size(), EventKind::kView);
    log.offsets.push_back(log.items.size());
  };
  for (int i = 0; i < pair; ++i) add({0, 1});
  for (int i = 0; i < 5; ++i) add({0});
  for (int i = 0; i < 5; ++i) add({1});
  return log;
}

bundle::BundleFile bundle_of_two() {
  bundle::BundleContents contents;
  contents.ids = {"a", "b"};
  contents.popularity = {2.0, 1.0};
  contents.session_rows = {{0, 1, 0.5F}};
  contents.sessions.items = {0, 1};
  contents.sessions.offsets = {0, 2};
  return bundle::BundleFile::open(bundle::write_bundle(contents));
}

}  // namespace

TEST_CASE("a recount tells the least number of shoppers behind each kind of statement",
          "[privacy]") {
  const bundle::BundleFile file = bundle_of_two();
  const Recount enough = recount(file.bundle(), log_of(5), 5, false);
  CHECK(enough.shoppers == 15);
  CHECK(enough.holds());
  CHECK(enough.parts[0].least == 10);
  CHECK(enough.parts[1].least == 5);
  CHECK(enough.shoppers_exposed == 0);
  const Recount few = recount(file.bundle(), log_of(4), 5, false);
  CHECK_FALSE(few.holds());
  CHECK(few.parts[0].below == 0);
  CHECK(few.parts[1].least == 4);
  CHECK(few.parts[1].below == 1);
  CHECK(few.shoppers_exposed == 4);
}

TEST_CASE("sessions of one shopper are counted as one", "[privacy]") {
  model::LoggedSessions log = log_of(5);
  for (std::uint32_t s = 0; s < log.size(); ++s) {
    log.past_sessions.push_back(
        {.begin = log.offsets[s], .starts_shopper = s == 0 || s >= 2, .predicted = s});
  }
  const Recount counts = recount(bundle_of_two().bundle(), log, 5, false);
  CHECK(counts.shoppers == 14);
  CHECK(counts.parts[1].least == 4);
}

TEST_CASE("inspect --privacy counts a bundle again, and its exit code says whether it holds",
          "[privacy]") {
  const Folder folder;
  std::string csv = small_csv(40);
  for (int i = 0; i < 3; ++i)
    csv += fmt::format("only{0},a,view,{1}\nonly{0},rare,view,{1}\n", i, 1600100000 + i);
  const std::string events = folder.write("events.csv", csv);
  const std::string bundle = folder / "shop.vitrine";
  REQUIRE(
      vitrine({"train", "--events", events, "--out", bundle, "--no-tune", "--min-shoppers", "5"})
          .code == 0);
  const Ran held = vitrine({"inspect", bundle, "--privacy", "--events", events, "--json"});
  INFO(held.err);
  REQUIRE(held.code == 0);
  CHECK(held.json()["holds"] == true);
  CHECK(held.json()["min_shoppers"] == 5);
  CHECK(held.json()["shoppers"] == 43);
  CHECK(vitrine({"inspect", bundle}).says("least shoppers  5"));

  const Ran trained =
      vitrine({"train", "--events", events, "--out", bundle, "--no-tune", "--min-shoppers", "0"});
  REQUIRE(trained.code == 0);
  CHECK_FALSE(trained.says("fewer than"));
  const Ran broken = vitrine({"inspect", bundle, "--privacy", "--events", events});
  CHECK(broken.code == 1);
  CHECK(broken.says("does not hold the floor of 5 shoppers"));
  CHECK(broken.says("--min-shoppers 5"));
  CHECK(vitrine({"inspect", bundle, "--privacy"}).code == 2);
}

TEST_CASE("train has a floor of five shoppers by default, and tells what it left out",
          "[privacy]") {
  const Folder folder;
  std::string csv = small_csv(40);
  for (int i = 0; i < 4; ++i)
    csv += fmt::format("only{0},a,view,{1}\nonly{0},rare,view,{1}\n", i, 1600100000 + i);
  const std::string events = folder.write("events.csv", csv);
  const std::string bundle = folder / "shop.vitrine";
  const std::string page = folder / "page.html";
  const Ran text = vitrine({"train", "--events", events, "--out", bundle, "--no-tune", "--report",
                            page, "--min-shoppers", "5"});
  REQUIRE(text.code == 0);
  CHECK(text.says("fewer than 5 shoppers: left out 1 of 8 items"));
  CHECK(bytes_of(page).find("Least number of shoppers") != std::string::npos);
  CHECK(bytes_of(bundle).find("rare") == std::string::npos);
  CHECK(recommend::TrainOptions{}.statistics.min_shoppers == 5);
  const Ran json = vitrine(
      {"train", "--events", events, "--out", bundle, "--no-tune", "--json", "--min-shoppers", "5"});
  CHECK(json.json()["privacy"]["items_left_out"] == 1);
  CHECK(json.json()["settings"]["privacy"]["min_shoppers"] == 5);
  CHECK(vitrine({"train", "--events", events, "--out", bundle, "--min-shoppers", "33"}).code == 2);
}

TEST_CASE("an overlay takes trends from items with as many shoppers as its bundle", "[privacy]") {
  const Folder folder;
  const std::string bundle = folder / "shop.vitrine";
  const std::string items = folder.write("items.csv", "item_id,price\na,1\nb,2\nc,3\n");
  std::string recent = "session_id,item_id,event,timestamp\n";
  for (int s = 0; s < 6; ++s) recent += fmt::format("r{},a,view,{}\n", s, 1600200000 + s);
  for (int s = 0; s < 4; ++s) recent += fmt::format("r{},b,view,{}\n", s, 1600200100 + s);
  const auto trends = [&](const std::string& floor) {
    REQUIRE(vitrine({"train", "--events", folder.write("events.csv", small_csv(40)), "--out",
                     bundle, "--no-tune", "--min-shoppers", floor})
                .code == 0);
    const Ran ran =
        vitrine({"overlay", "--base", bundle, "--items", items, "--events",
                 folder.write("recent.csv", recent), "--out", folder / "shop.overlay", "--json"});
    REQUIRE(ran.code == 0);
    return ran.json()["popularity"].get<int>();
  };
  CHECK(trends("5") == 1);
  CHECK(trends("0") == 2);
}

TEST_CASE("a log without an item of enough shoppers is refused, with what to do", "[privacy]") {
  const Folder folder;
  const std::string events = folder.write("events.csv", small_csv(3));
  const Ran ran = vitrine(
      {"train", "--events", events, "--out", folder / "shop.vitrine", "--min-shoppers", "5"});
  CHECK(ran.code == 3);
  CHECK(ran.says("has events of 5 distinct shoppers"));
  CHECK(ran.says("--min-shoppers 0"));
}

}  // namespace vitrine::privacy
