#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "model_export/command_fixture.h"
#include "model_export/markup_fixture.h"

namespace vitrine::commands {

namespace {

using nlohmann::json;

const std::string kHostile = "<script>alert(1)</script>";

/// Sessions over seven items, of which one has a name that would run; some events are carts.
std::string hostile_csv() {
  std::string csv = "session_id,item_id,event,timestamp\n";
  for (int s = 0; s < 120; ++s) {
    for (int i = 0; i < 4; ++i) {
      const char letter = static_cast<char>('a' + (s + i) % 7);
      csv += fmt::format("s{},{},{},{}\n", s, letter == 'c' ? kHostile : std::string(1, letter),
                         i == 2 ? "cart" : "view", 1600000000 + s * 9000 + i * 20);
    }
  }
  return csv;
}

struct Place {
  Folder folder;
  std::string events = folder.write("events.csv", hostile_csv());
  std::string items =
      folder.write("items.csv", "item_id,title,category\na,\"<i>A</i> & co\",x/y\nb,Bee,x\n" +
                                    kHostile + ",,z\n");
  std::string bundle = folder / "shop.vitrine";
  std::string page = folder / "page.html";

  /// The page that was written, after checking that nothing in it runs.
  [[nodiscard]] std::string read_page() const {
    const std::string html = bytes_of(page);
    const std::size_t style = html.find("<style>");
    REQUIRE(style != std::string::npos);
    CHECK(flaw_of(html.substr(0, style) + html.substr(html.find("</style>") + 8)) == "");
    CHECK(html.find("<script") == std::string::npos);
    return html;
  }
};

json without_times(json result) {
  result.erase("seconds");
  result.erase("ranking_us");
  return result;
}

}  // namespace

TEST_CASE("backtest writes a page with sizes, examples and titles") {
  const Place place;
  const Ran ran = vitrine({"backtest", "--events", place.events, "--items", place.items, "--report",
                           place.page, "--no-tune", "--pareto", "100,2KB,20KB", "--split",
                           "fraction=0.3", "--json", "--k", "3"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const json result = ran.json();
  const json& sizes = result["pareto"];
  REQUIRE(sizes.size() >= 4);
  CHECK(sizes[0]["needs"] > 100);
  CHECK(sizes.back()["embedding_dims"] == 0);
  // With all that the model has, in 20 KB, it is the model.
  const json& whole = sizes[sizes.size() - 2];
  CHECK(whole["size"] <= 20000);
  CHECK(whole["hit_rate"] == result["hit_rate"]);
  CHECK_FALSE(result.contains("examples"));
  const std::string html = place.read_page();
  CHECK(html.find("&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
  CHECK(html.find("&lt;i&gt;A&lt;/i&gt; &amp; co") != std::string::npos);
  CHECK(html.find("Size against quality") != std::string::npos);
  // The page shows the numbers of the JSON.
  CHECK(html.find(fmt::format("<b>{:.4f}</b>", result["mrr"].get<double>())) != std::string::npos);
}

TEST_CASE("pareto alone takes the usual sizes, and a wrong size is named before training") {
  const Place place;
  const Ran ran = vitrine({"backtest", "--events", place.events, "--no-tune", "--pareto"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.says("budget "));
  CHECK(ran.says("8,192"));
  CHECK(ran.says("131,072"));
  const Ran wrong = vitrine({"backtest", "--events", place.events, "--pareto", "200KB,much"});
  CHECK(wrong.code == 2);
  CHECK(wrong.says("\"much\" is not a size"));
}

TEST_CASE("train and evaluate write pages; the bundle carries its card") {
  const Place place;
  const Ran trained = vitrine({"train", "--events", place.events, "--items", place.items, "--out",
                               place.bundle, "--report", place.page});
  INFO(trained.err);
  REQUIRE(trained.code == 0);
  CHECK(place.read_page().find("Settings") != std::string::npos);
  const Ran inspected = vitrine({"inspect", place.bundle});
  CHECK(inspected.says("2020-09-13 12:26:40 UTC, 2020-09-25 21:57:40 UTC"));
  CHECK(inspected.says("in the shopper's browser"));
  CHECK(inspected.says("limits"));
  const Ran judged = vitrine({"evaluate", "--bundle", place.bundle, "--events", place.events,
                              "--items", place.items, "--report", place.page});
  INFO(judged.err);
  REQUIRE(judged.code == 0);
  CHECK(place.read_page().find("The bundle was trained on") != std::string::npos);
  for (const char* words : {"popularity, 7 days", "all later items", "novelty", "first visit",
                            "by kind of the next event", "by events of the session so far"}) {
    INFO(words);
    CHECK(judged.says(words));
  }
}

TEST_CASE("a page that cannot be written is said before the work") {
  const Place place;
  const Ran ran = vitrine({"backtest", "--events", place.events, "--report",
                           place.folder / "no such folder/page.html"});
  CHECK(ran.code == 5);
  CHECK(ran.says("no folder"));
  CHECK(vitrine({"train", "--events", place.events, "--out", place.bundle, "--report",
                 place.folder / ""})
            .code == 5);
  CHECK_FALSE(std::filesystem::exists(place.bundle));
}

TEST_CASE("the JSON of an evaluation does not depend on the threads") {
  const Place place;
  REQUIRE(vitrine({"train", "--events", place.events, "--out", place.bundle, "--no-tune"}).code ==
          0);
  const auto judged = [&](const char* threads) {
    const Ran ran = vitrine({"evaluate", "--bundle", place.bundle, "--events", place.events,
                             "--json", "--threads", threads});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return without_times(ran.json());
  };
  CHECK(judged("1") == judged("2"));
}

}  // namespace vitrine::commands
