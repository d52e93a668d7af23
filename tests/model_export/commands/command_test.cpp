#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <set>

#include "model_export/command_fixture.h"

namespace vitrine::commands {

namespace {

using nlohmann::json;

const std::string kHeader = "session_id,item_id,event,timestamp\n";

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

/// Everything in one folder, so that a test sees what a command leaves there.
struct Workplace {
  Folder folder;
  std::string events = folder.write("events.csv", small_csv());
  std::string bundle = folder / "shop.vitrine";

  [[nodiscard]] Ran train(const std::string& log, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"train", "--events",  log, "--out",
                                          bundle,  "--threads", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return vitrine(arguments);
  }
};

std::vector<std::string> recommended(const json& answer) {
  std::vector<std::string> ids;
  for (const json& item : answer["items"]) ids.push_back(item["id"]);
  return ids;
}

std::string quoted(const std::string& id) {
  std::string text = "\"";
  for (const char c : id) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

}  // namespace

TEST_CASE("a log becomes a bundle that recommends what comes next") {
  const Workplace place;
  const Ran trained = place.train(place.events);
  INFO(trained.err);
  REQUIRE(trained.code == 0);
  CHECK(trained.says("7 items"));
  CHECK(trained.says("180 rows read: 180 kept"));
  CHECK_FALSE(trained.says("warning"));
  CHECK(names_in(place.folder / "") ==
        std::set<std::string>{"events.csv", "shop.vitrine", "shop.vitrine.item-knn"});
  const Ran list =
      vitrine({"recommend", "--bundle", place.bundle, "--history", "a", "--k", "2", "--json"});
  REQUIRE(list.code == 0);
  CHECK(recommended(list.json()).front() == "b");
  CHECK(recommended(list.json()).size() == 2);
}

TEST_CASE("a failing train leaves the good bundle as it was, and nothing beside it") {
  const Workplace place;
  REQUIRE(place.train(place.events).code == 0);
  const std::string good = bytes_of(place.bundle);
  const std::string baseline = bytes_of(place.folder / "shop.vitrine.item-knn");
  const Folder inputs;
  const std::string archive = gzip(small_csv(20000));
  const struct {
    std::string file;
    std::vector<std::string> more;
    int code;
    std::string words;
  } cases[] = {
      {inputs / "none.csv", {}, 5, "none.csv"},
      {inputs.write("empty.csv", ""), {}, 3, "empty"},
      {inputs.write("header.csv", kHeader), {}, 3, "no usable event"},
      {inputs.write("binary.csv", std::string("\x7f"
                                              "ELF\0\1\2\3\0\0",
                                              10)),
       {},
       3,
       "binary"},
      {inputs.write("half.csv.gz", archive.substr(0, archive.size() / 2)), {}, 3, "ends too early"},
      {place.events, {"--map", "item_id=StockCode"}, 2, "StockCode"},
      {place.events, {"--map", "nonsense"}, 2, "--map"},
      {place.events, {"--max-bytes", "100"}, 2, "--max-bytes"},
      {place.events, {"--max-bytes", "much"}, 2, "much"},
      {place.events, {"--config", inputs / "none.json"}, 5, "none.json"},
      {place.events, {"--config", inputs.write("bad.json", "{\"a\"")}, 2, "JSON"},
      {place.events, {"--config", inputs.write("key.json", "{\"embedding\": {}}")}, 2, "embedding"},
      {place.events, {"--items", inputs / "items.csv"}, 5, "items.csv"},
      {place.events, {"--memory", "little"}, 2, "little"},
      {place.events, {"--session-gap", "soon"}, 2, "soon"},
      {place.events, {"--seed", "x"}, 2, "seed"},
      {place.events, {"--colour"}, 2, "--colour"},
  };
  for (const auto& [file, more, code, words] : cases) {
    const Ran ran = place.train(file, more);
    INFO(file << " " << (more.empty() ? "" : more.back()) << ": " << ran.err);
    CHECK(ran.code == code);
    CHECK(ran.err.find(words) != std::string::npos);
    CHECK(ran.out.empty());
    CHECK((bytes_of(place.bundle) == good));
    CHECK((bytes_of(place.folder / "shop.vitrine.item-knn") == baseline));
    CHECK(names_in(place.folder / "").size() == 3);
  }
}

TEST_CASE("a baseline that cannot be put in place leaves the good bundle as it was") {
  const Workplace place;
  REQUIRE(place.train(place.events).code == 0);
  const std::string good = bytes_of(place.bundle);
  std::filesystem::remove(place.folder / "shop.vitrine.item-knn");
  std::filesystem::create_directory(place.folder / "shop.vitrine.item-knn");
  const Ran ran = place.train(place.events, {"--seed", "2"});
  CHECK(ran.code == 5);
  CHECK(ran.says("shop.vitrine.item-knn cannot be written"));
  CHECK((bytes_of(place.bundle) == good));
  CHECK(names_in(place.folder / "").size() == 3);
}

TEST_CASE("an --out where nothing can be written is an I/O error before any work") {
  const Workplace place;
  for (const std::string& out : {place.folder / "no/such/shop.vitrine", place.folder / ""}) {
    const Ran ran = vitrine({"train", "--events", place.folder / "none.csv", "--out", out});
    INFO(ran.err);
    CHECK(ran.code == 5);
    CHECK(ran.says("folder"));
  }
  CHECK(names_in(place.folder / "") == std::set<std::string>{"events.csv"});
}

TEST_CASE("two runs write the same bytes, whatever the threads and the folder") {
  const Workplace first;
  const Workplace second;
  REQUIRE(first.train(first.events).code == 0);
  REQUIRE(second.train(second.events, {"--threads", "3"}).code == 2);  // given twice
  REQUIRE(vitrine({"train", "--events", second.events, "--out", second.bundle, "--threads", "3"})
              .code == 0);
  CHECK((bytes_of(first.bundle) == bytes_of(second.bundle)));
  std::array<char, 256> host{};
  REQUIRE(::gethostname(host.data(), host.size() - 1) == 0);
  const Ran inspected = vitrine({"inspect", first.bundle, "--json"});
  REQUIRE(inspected.code == 0);
  const json metadata = inspected.json()["metadata"];
  CHECK(metadata["source"]["files"] == json{"events.csv"});
  CHECK(metadata["source"]["events"] == 180);
  CHECK(metadata["source"]["sessions"] == 60);
  CHECK(metadata.dump().find(first.folder / "") == std::string::npos);
  CHECK(metadata.dump().find(host.data()) == std::string::npos);
}

TEST_CASE("unusable rows are refused by reason and the rest is trained on") {
  const Workplace place;
  const std::string log = place.folder.write(
      "odd.csv", small_csv(10) + "s1,,view,1600000000\n" + "s1,a,view,0\n" + "s1,a,view,-5\n" +
                     "s1,a,view,99999999999\n" + "s1,a,view,never\n" + "s0,a,view,1600000000\n" +
                     "s99," + std::string(10240, 'x') + ",view,1600000000\n");
  const Ran trained = place.train(log, {"--json"});
  INFO(trained.err);
  REQUIRE(trained.code == 0);
  CHECK(trained.err.find("37 rows read: 30 kept; 7 refused") != std::string::npos);
  CHECK(trained.json()["source"]["refused"] == 7);
  CHECK(trained.json()["source"]["events"] == 30);
  const Ran validated = vitrine({"validate", "--events", log, "--json"});
  REQUIRE(validated.code == 0);
  const json refused = validated.json()["events"]["refused"];
  CHECK(refused["empty_item_id"]["count"] == 1);
  CHECK(refused["item_id_too_long"]["count"] == 1);
  CHECK(refused.dump().find(std::string(1000, 'x')) == std::string::npos);
}

TEST_CASE("events in the future are warned about and used") {
  const Workplace place;
  const std::string log = place.folder.write("future.csv", small_csv(5) + "s9,a,view,4000000000\n");
  const Ran trained = place.train(log);
  CHECK(trained.code == 0);
  CHECK(trained.err.find("future") != std::string::npos);
}

TEST_CASE("ids with commas, quotes, newlines and emoji come back whole") {
  const Workplace place;
  const std::vector<std::string> ids = {"a,b",
                                        "say \"hi\"",
                                        "two\nlines",
                                        "caf\xC3\xA9 \xF0\x9F\x8C\xB7",
                                        " spaced ",
                                        "back\\slash",
                                        "'; DROP TABLE items; --"};
  std::string csv = kHeader;
  for (int s = 0; s < 30; ++s) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      csv += fmt::format("s{},{},view,{}\n", s, quoted(ids[i]),
                         1600000000 + s * 1000 + static_cast<int>(i));
    }
    csv += fmt::format("s{},{},view,1600000500\n", s, std::string(10240, 'z'));
  }
  const std::string log = place.folder.write("odd.csv", csv);
  const Ran trained = place.train(log);
  INFO(trained.err);
  REQUIRE(trained.code == 0);
  CHECK(trained.says("7 items"));
  CHECK(trained.says("240 rows read: 210 kept; 30 refused"));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Ran ran =
        vitrine({"recommend", "--bundle", place.bundle, "--history", quoted(ids[i]), "--json"});
    INFO(ids[i] << ran.err);
    REQUIRE(ran.code == 0);
    const json answer = ran.json();
    CHECK(answer["history"] == json{ids[i]});
    CHECK(answer["unknown"].empty());
    const std::vector<std::string> list = recommended(answer);
    std::set<std::string> expected(ids.begin(), ids.end());
    expected.erase(ids[i]);
    CHECK(std::set<std::string>(list.begin(), list.end()) == expected);
    if (i + 1 < ids.size()) CHECK(list.front() == ids[i + 1]);
  }
  // Many shoppers: a line each, read and written with CSV quoting.
  const std::string histories = place.folder.write(
      "histories.txt", quoted(ids[0]) + "," + quoted(ids[1]) + "\r\n" + "\n" + quoted(ids[2]) +
                           "\n" + "unheard-of," + quoted(ids[4]) + "\n");
  const Ran many =
      vitrine({"recommend", "--bundle", place.bundle, "--histories", histories, "--k", "1"});
  INFO(many.err);
  REQUIRE(many.code == 0);
  const std::string popular = many.out.substr(many.out.find("lines\"\n") + 7);
  CHECK(many.out.starts_with(quoted(ids[2]) + "\n"));
  CHECK(many.out.ends_with("\n" + ids[3] + "\n" + ids[5] + "\n"));
  // The same through standard input as JSON: an object a line.
  const Ran piped = vitrine({"recommend", "--bundle", place.bundle, "--histories", "-", "--json"},
                            bytes_of(histories));
  REQUIRE(piped.code == 0);
  CHECK(std::count(piped.out.begin(), piped.out.end(), '\n') == 4);
  std::istringstream lines(piped.out);
  std::vector<json> answers;
  for (std::string line; std::getline(lines, line);) answers.push_back(json::parse(line));
  CHECK(answers[0]["history"] == json{ids[0], ids[1]});
  CHECK(answers[1]["history"].empty());
  CHECK(answers[1]["items"].size() == 7);
  CHECK(answers[2]["history"] == json{ids[2]});
  CHECK(answers[3]["unknown"] == json{"unheard-of"});
}

TEST_CASE("a quote that never closes in --histories is named with its line") {
  const Workplace place;
  REQUIRE(place.train(place.events).code == 0);
  const Ran ran =
      vitrine({"recommend", "--bundle", place.bundle, "--histories", "-"}, "a\n\"b\nc\n");
  CHECK(ran.code == 3);
  CHECK(ran.says("line 2"));
}

TEST_CASE("one item, one session and duplicate rows are a log") {
  const Workplace place;
  const Ran one = place.train(place.folder.write("one.csv", kHeader + "s1,mug,view,1600000000\n"));
  INFO(one.err);
  CHECK(one.code == 0);
  CHECK(one.says("1 items"));
  const Ran list = vitrine({"recommend", "--bundle", place.bundle, "--history", "mug", "--json"});
  CHECK(list.code == 0);
  CHECK(list.json()["items"].empty());
  CHECK(recommended(vitrine({"recommend", "--bundle", place.bundle, "--history", "mug",
                             "--include-seen", "--json"})
                        .json()) == std::vector<std::string>{"mug"});
  CHECK(vitrine({"inspect", place.bundle}).code == 0);

  CHECK(place.train(place.folder.write("session.csv", small_csv(1))).code == 0);

  const std::string twice = small_csv(20) + small_csv(20).substr(kHeader.size());
  REQUIRE(place.train(place.folder.write("events.csv", small_csv(20))).code == 0);
  const json once_source = vitrine({"inspect", place.bundle, "--json"}).json();
  const Ran doubled = place.train(place.folder.write("events.csv", twice));
  REQUIRE(doubled.code == 0);
  CHECK(doubled.says("120 rows read: 60 kept; 60 refused"));
  const json twice_source = vitrine({"inspect", place.bundle, "--json"}).json();
  CHECK(once_source["metadata"]["counts"] == twice_source["metadata"]["counts"]);
}

TEST_CASE("unknown ids are named, and popular items fill the list") {
  const Workplace place;
  REQUIRE(place.train(place.events).code == 0);
  const Ran text =
      vitrine({"recommend", "--bundle", place.bundle, "--history", "zebra,a,yak", "--k", "3"});
  CHECK(text.code == 0);
  CHECK(text.err.find("2 of 3 items are not in the bundle: zebra, yak") != std::string::npos);
  CHECK(std::count(text.out.begin(), text.out.end(), '\n') == 3);
  const Ran list = vitrine({"recommend", "--bundle", place.bundle, "--history", "zebra", "--json"});
  CHECK(list.json()["unknown"] == json{"zebra"});
  CHECK(recommended(list.json()).size() == 7);
  const Ran broken =
      vitrine({"recommend", "--bundle", place.bundle, "--history", "\xff\xfe", "--json"});
  INFO(broken.err);
  CHECK(broken.code == 0);
  CHECK(recommended(broken.json()).size() == 7);
}

TEST_CASE("reasons of a recommendation add up to its score") {
  const Workplace place;
  REQUIRE(place.train(place.events).code == 0);
  const Ran list = vitrine({"recommend", "--bundle", place.bundle, "--history", "a,b", "--json"});
  const json answer = list.json();
  REQUIRE(answer["items"].size() == 5);
  for (const json& item : answer["items"]) {
    double sum = 0.0;
    for (const json& reason : item["reasons"]) sum += reason["score"].get<double>();
    CHECK(std::abs(sum - item["score"].get<double>()) < 1e-5);
  }
}

TEST_CASE("usage errors have exit code 2 and point at the help") {
  const Workplace place;
  REQUIRE(place.train(place.events).code == 0);
  const std::vector<std::string> cases[] = {
      {},
      {"frobnicate"},
      {"train"},
      {"train", "--events", place.events},
      {"evaluate", "--events", place.events},
      {"recommend", "--bundle", place.bundle},
      {"recommend", "--bundle", place.bundle, "--history", "a", "--histories", "-"},
      {"recommend", "--bundle", place.bundle, "--history", "a", "--k", "0"},
      {"recommend", "--bundle", place.bundle, "--history", "a", "--k", "-3"},
      {"evaluate", "--bundle", place.bundle, "--events", place.events, "--k", "many"},
      {"backtest", "--events", place.events, "--split", "sideways"},
      {"backtest", "--events", place.events, "--split", "fraction=1.5"},
      {"backtest", "--events", place.events, "--split", "last-days=x"},
      {"inspect"},
      {"simulate", "--out", place.folder / "x", "--products", "0"},
  };
  for (const auto& arguments : cases) {
    const Ran ran = vitrine(arguments);
    INFO((arguments.empty() ? "nothing" : arguments.back()) << ": " << ran.err);
    CHECK(ran.code == 2);
    CHECK_FALSE(ran.err.empty());
    CHECK(ran.out.empty());
  }
}

TEST_CASE("files that are no bundle are named with what is wrong") {
  const Workplace place;
  REQUIRE(place.train(place.events).code == 0);
  const std::string good = bytes_of(place.bundle);
  std::string flipped = good;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
  const struct {
    std::string path;
    int code;
    std::string words;
  } cases[] = {
      {place.folder / "none.vitrine", 5, "none.vitrine"},
      {place.folder / "", 5, "is a folder; name a file in it"},
      {place.folder.write("cut.vitrine", good.substr(0, good.size() - 7)), 3, "cut.vitrine"},
      {place.folder.write("head.vitrine", good.substr(0, 20)), 3, "head.vitrine"},
      {place.folder.write("empty.vitrine", ""), 3, "empty.vitrine"},
      {place.folder.write("flipped.vitrine", flipped), 3, "flipped.vitrine"},
      {place.events, 3, "not a Vitrine bundle"},
  };
  for (const auto& [path, code, words] : cases) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"inspect", path},
          {"recommend", "--bundle", path, "--history", "a"},
          {"evaluate", "--bundle", path, "--events", place.events}}) {
      const Ran ran = vitrine(arguments);
      INFO(arguments[0] << " " << path << ": " << ran.err);
      CHECK(ran.code == code);
      CHECK(ran.err.find(words) != std::string::npos);
      CHECK(ran.out.empty());
    }
  }
}

TEST_CASE("evaluate measures beside popularity and item-kNN") {
  const Workplace place;
  REQUIRE(place.train(place.events).code == 0);
  const Ran ran = vitrine(
      {"evaluate", "--bundle", place.bundle, "--events", place.events, "--k", "3", "--json"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const json result = ran.json();
  CHECK(result["predictions"] == 120);
  CHECK(result["k"] == 3);
  CHECK(result["hit_rate"] == 1.0);
  CHECK(result["rules"]["drop_current"] == false);
  CHECK(result["baselines"]["popularity"]["hit_rate"] < 0.8);
  CHECK(result["baselines"]["item_knn"]["predictions"] == 120);
  std::filesystem::remove(place.folder / "shop.vitrine.item-knn");
  CHECK(vitrine({"evaluate", "--bundle", place.bundle, "--events", place.events, "--json"})
            .json()["baselines"]["item_knn"]
            .is_null());
  CHECK(vitrine({"evaluate", "--bundle", place.bundle, "--events", place.events})
            .says("item-kNN and the popularity of the last days are missing"));
}

TEST_CASE("a baseline of another bundle is left out of the judgement") {
  const Workplace place;
  REQUIRE(place.train(place.events, {"--no-tune"}).code == 0);
  const std::string baseline = bytes_of(place.folder / "shop.vitrine.item-knn");
  REQUIRE(place.train(place.events, {"--no-tune", "--seed", "2"}).code == 0);
  place.folder.write("shop.vitrine.item-knn", baseline);
  const Ran ran =
      vitrine({"evaluate", "--bundle", place.bundle, "--events", place.events, "--json"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.says("trained with another bundle"));
  CHECK(ran.json()["baselines"]["item_knn"].is_null());
}

TEST_CASE("evaluate without anything to predict is unusable data") {
  const Workplace place;
  REQUIRE(place.train(place.events).code == 0);
  const std::string lone =
      place.folder.write("lone.csv", kHeader + "s1,a,view,1600000000\ns2,b,view,1600000100\n");
  const Ran ran = vitrine({"evaluate", "--bundle", place.bundle, "--events", lone});
  CHECK(ran.code == 3);
  CHECK(ran.says("nothing to predict"));
}

TEST_CASE("backtest splits, trains and measures in one") {
  const Workplace place;
  for (const std::string split : {"leave-one-out", "fraction=0.2", "last-days=0.1"}) {
    const Ran ran = vitrine({"backtest", "--events", place.events, "--split", split, "--json"});
    INFO(split << ran.err);
    REQUIRE(ran.code == 0);
    const json result = ran.json();
    CHECK(result["split"]["name"] == split);
    CHECK(result["predictions"] == (split == "leave-one-out"  ? 60
                                    : split == "fraction=0.2" ? 24
                                                              : 30));
    CHECK(result["baselines"]["item_knn"].is_object());
  }
  const Ran nothing = vitrine({"backtest", "--events", place.events, "--split", "last-days=900"});
  CHECK(nothing.code == 3);
}

TEST_CASE("help shows every option with its default") {
  const Ran all = vitrine({"--help"});
  CHECK(all.code == 0);
  for (const char* command :
       {"validate", "train", "evaluate", "backtest", "recommend", "inspect", "simulate"}) {
    CHECK(all.says(command));
    const Ran help = vitrine({command, "--help"});
    CHECK(help.code == 0);
    CHECK(help.err.empty());
  }
  const struct {
    const char* command;
    std::vector<std::pair<const char*, const char*>> defaults;
  } cases[] = {
      {"train",
       {{"--session-gap TEXT", "auto"},
        {"--seed UINT", "1"},
        {"--threads UINT", "0"},
        {"--memory TEXT", "2GB"}}},
      {"evaluate", {{"--k UINT:INT in [1 - 1000]", "20"}, {"--threads UINT", "0"}}},
      {"backtest", {{"--split TEXT", "fraction=0.1"}, {"--k UINT:INT in [1 - 1000]", "20"}}},
      {"recommend", {{"--k UINT:INT in [1 - 10000]", "10"}}},
      {"validate", {{"--session-gap TEXT", "auto"}}},
      {"simulate",
       {{"--shoppers UINT", "4000"},
        {"--products UINT", "1000"},
        {"--days INT", "60"},
        {"--seed UINT", "1"}}},
  };
  for (const auto& [command, defaults] : cases) {
    const std::string text = vitrine({command, "--help"}).out;
    for (const auto& [option, value] : defaults) {
      INFO(command << " " << option << "\n" << text);
      // CLI11 wrote "=value" up to 2.1 and writes " [value]" since.
      const std::string older = std::string(option) + "=" + value;
      const std::string newer = std::string(option) + " [" + value + "]";
      CHECK((text.find(older) != std::string::npos || text.find(newer) != std::string::npos));
    }
  }
  CHECK(vitrine({"train", "--help"}).says("Default: 45 bytes an item"));
  CHECK(vitrine({"--version"}).out == std::string(VITRINE_VERSION) + "\n");
}

}  // namespace vitrine::commands
