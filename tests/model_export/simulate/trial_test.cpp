// Experiments of the simulated shop: what is logged, what is true, and that analysis and replay
// find it.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "model_export/command_fixture.h"
#include "vitrine/assignment/assignment.h"
#include "vitrine/format/content_hash.h"

namespace vitrine::simulate {
namespace {

using Catch::Approx;
using nlohmann::json;

const json kPlan = {{"experiments",
                     {{{"key", "hero"},
                       {"variations", {"control", "bold"}},
                       {"hashVersion", 2},
                       {"ramp", {{{"from", "2026-03-05"}, {"coverage", 1}}}}},
                      {{"key", "same"}, {"variations", {"a", "none"}}, {"weights", {0.3, 0.7}}}}},
                    {"effects",
                     {{{"experiment", "hero"}, {"variation", "bold"}, {"clicks", 0.6}},
                      {{"experiment", "hero"},
                       {"variation", "bold"},
                       {"condition", {{"device", "mobile"}}},
                       {"conversion", 0.8},
                       {"basket", 0.5}}}},
                    {"list", {{"items", 4}, {"exploration", 1}}},
                    {"reach", 0.9}};

struct TrialShop {
  Folder folder;
  std::string plan;

  explicit TrialShop(const json& experiments = kPlan)
      : plan(folder.write("plan.json", experiments.dump())) {}

  [[nodiscard]] Ran simulate(const std::string& out, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"simulate", "--shoppers",    "2500", "--products",
                                          "120",      "--days",        "14",   "--out",
                                          out,        "--experiments", plan};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return vitrine(arguments);
  }
  /// Into the folder "shop".
  [[nodiscard]] json truth() const {
    const Ran ran = simulate(folder / "shop");
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return json::parse(std::ifstream(folder / "shop/simulation.json"));
  }
  [[nodiscard]] json analyze(const json& config) const {
    const Ran ran = vitrine({"experiment", "analyze", "--events", folder / "shop/events.csv",
                             "--events", folder / "shop/exposures.jsonl", "--config",
                             folder.write("config.json", config.dump()), "--json"});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return ran.json();
  }
};

std::vector<json> lines_of(const std::string& path) {
  std::vector<json> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) rows.push_back(json::parse(line));
  return rows;
}

/// Returns the true lifts of the second variation in a segment.
json lifts(const json& simulation, std::size_t experiment, const std::string& segment = "",
           const std::string& part = "") {
  for (const json& one : simulation["experiments"][experiment]["truth"]) {
    if (one["segment"] == segment && one["part"] == part) return one["variations"][1]["lifts"];
  }
  return nullptr;
}

TEST_CASE("A shop without experiments is the same bytes as ever") {
  const Folder folder;
  REQUIRE(vitrine({"simulate", "--shoppers", "300", "--products", "200", "--days", "20", "--out",
                   folder / "shop"})
              .code == 0);
  const auto hash = [&](const char* name) {
    const std::string bytes = bytes_of(folder / name);
    return content_hash(std::as_bytes(std::span(bytes.data(), bytes.size())));
  };
  CHECK(hash("shop/events.csv") == 0x89887af5e554695d);
  CHECK(hash("shop/simulation.json") == 0x3e0a1cf300340f65);
}

TEST_CASE("The same seed gives the same experiments, and each unit what its hash says") {
  const TrialShop shop;
  const json simulation = shop.truth();
  REQUIRE(shop.simulate(shop.folder / "again").code == 0);
  for (const char* name : {"/events.csv", "/exposures.jsonl", "/simulation.json"}) {
    CHECK(bytes_of((shop.folder / "shop") + name) == bytes_of((shop.folder / "again") + name));
  }
  const assignment::Experiments experiments = assignment::experiments_from(kPlan["experiments"]);
  std::map<std::string, std::set<std::string>> units;
  const std::vector<json> rows = lines_of(shop.folder / "shop/exposures.jsonl");
  CHECK(rows.size() == simulation["exposures"]);
  for (const json& row : rows) {
    const auto& definition = experiments.find(row["experiment"].get<std::string>())->second;
    const assignment::Assignment assigned =
        assignment::assign(definition, {.attributes = {{"id", row["unit"]}}, .now = row["time"]});
    REQUIRE(assigned.is_drawn());
    CHECK(definition.variation_names[static_cast<std::size_t>(assigned.variation)] ==
          row["variation"]);
    units[row["experiment"].get<std::string>() + row["variation"].get<std::string>()].insert(
        row["unit"].get<std::string>());
  }
  for (const json& one : simulation["experiments"]) {
    for (const auto& [variation, count] : one["units"].items()) {
      CHECK(units[one["experiment"].get<std::string>() + variation].size() == count);
    }
  }
}

TEST_CASE("Exposures carry lists with their exact propensities") {
  json plan = kPlan;
  plan["list"]["exploration"] = 0.4;
  const TrialShop shop(plan);
  REQUIRE(shop.simulate(shop.folder / "shop").code == 0);
  double inverse = 0.0;
  double places = 0.0;
  for (const json& row : lines_of(shop.folder / "shop/exposures.jsonl")) {
    if (row["experiment"] == "same") {
      CHECK_FALSE(row.contains("list"));
      continue;
    }
    const json& list = row["list"];
    REQUIRE(list["items"].size() == 4);
    for (const json& propensity : list["propensities"]) {
      // Left where it belongs, or put there by chance.
      const bool kept = std::abs(propensity.get<double>() - 0.7) < 1e-9;
      CHECK((kept || std::abs(propensity.get<double>() - 0.1) < 1e-9));
      inverse += kept ? 1.0 / propensity.get<double>() : 0.0;
      places += 1.0;
    }
  }
  // The shop's own order, weighted by what it takes to see it, is there at every place.
  CHECK(inverse / places == Approx(1.0).margin(0.03));
}

TEST_CASE("The analysis of a simulated log finds what is true of the shop") {
  const TrialShop shop;
  const json simulation = shop.truth();
  const json truth = lifts(simulation, 0);
  CHECK(truth["conversion"] > 0.1);
  CHECK(truth["carts"] == 0.0);
  const json found = shop.analyze(
      {{"definition", kPlan["experiments"][0]},
       {"segments", {"device"}},
       {"metrics",
        {{{"name", "conversion"}, {"event", "purchase"}},
         {{"name", "revenue"}, {"type", "sum"}, {"event", "purchase"}, {"value", "revenue"}},
         {{"name", "carts"}, {"type", "sum"}, {"event", "cart"}},
         {{"name", "clicks"}, {"type", "sum"}, {"event", "select_item"}}}}});
  CHECK(found["problems"].empty());
  CHECK(found["verdicts"][0]["verdict"] == "better");
  for (std::size_t arm = 0; arm < 2; ++arm) {
    const json& units = found["units"][arm];
    CHECK(units["units"] == simulation["experiments"][0]["units"][units["variation"]]);
  }
  for (const json& metric : found["metrics"]) {
    const json& one = metric["comparisons"][0];
    INFO(metric["name"] << " " << one.dump() << truth.dump());
    const double error = one["lift"].get<double>() - truth[metric["name"]].get<double>();
    CHECK(std::abs(error) < 3.0 * one["standard_error"].get<double>());
  }
  for (const json& part : found["segments"][0]["parts"]) {
    const json expected = lifts(simulation, 0, "device", part["name"]);
    CHECK((part["name"] == "mobile") == (expected["conversion"] > 0.05));
    const json& one = part["comparisons"][0];
    const double error = one["lift"].get<double>() - expected["conversion"].get<double>();
    CHECK(std::abs(error) < 3.0 * one["standard_error"].get<double>());
  }
}

TEST_CASE("An experiment without effects has none, in truth and in the analysis") {
  const TrialShop shop;
  const json truth = lifts(shop.truth(), 1);
  CHECK(truth.size() == 5);
  for (const auto& [metric, lift] : truth.items()) CHECK(lift == 0.0);
  const json found = shop.analyze({{"definition", kPlan["experiments"][1]}});
  CHECK(found["verdicts"][0]["verdict"] == "no difference found");
  CHECK(found["problems"].empty());
}

TEST_CASE("Units whose exposures are lost in one arm block the verdict") {
  json plan = kPlan;
  plan["effects"].push_back({{"experiment", "hero"}, {"variation", "bold"}, {"lost", 0.2}});
  const TrialShop shop(plan);
  REQUIRE(shop.simulate(shop.folder / "shop").code == 0);
  const json found = shop.analyze({{"definition", kPlan["experiments"][0]}});
  CHECK(found["verdicts"][0]["verdict"] == "blocked");
}

TEST_CASE("A replay of a simulated log finds the true value of a bundle") {
  const TrialShop shop;
  REQUIRE(shop.simulate(shop.folder / "shop").code == 0);
  // Trained on a time before the lists: what has seen a log's clicks is flattered by it.
  const std::string log = bytes_of(shop.folder / "shop/events.csv");
  std::istringstream lines(log);
  std::string before;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string field;
    for (int i = 0; i < 5; ++i) std::getline(fields, field, ',');
    if (field == "timestamp" || std::stoll(field) < 1772668800) before += line + "\n";
  }
  const std::string bundle = shop.folder / "shop.vitrine";
  REQUIRE(vitrine({"train", "--no-tune", "--events", shop.folder.write("before.csv", before),
                   "--out", bundle})
              .code == 0);
  const Ran valued = shop.simulate(shop.folder / "valued", {"--value-of", bundle});
  INFO(valued.err);
  REQUIRE(valued.code == 0);
  CHECK(bytes_of(shop.folder / "valued/exposures.jsonl") ==
        bytes_of(shop.folder / "shop/exposures.jsonl"));
  const json lists = json::parse(std::ifstream(shop.folder / "valued/simulation.json"))["lists"];
  const Ran ran = vitrine({"replay", "--events", shop.folder / "shop/events.csv", "--events",
                           shop.folder / "shop/exposures.jsonl", "--bundle", bundle, "--rerank",
                           "--reward", "select_item", "--json"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const json result = ran.json();
  CHECK(result["places"].get<double>() == Approx(lists["places"].get<double>()));
  CHECK(result["logged_value"].get<double>() == Approx(lists["value"].get<double>()).epsilon(0.1));
  for (const char* kind : {"ips", "snips", "doubly_robust"}) {
    INFO(kind << result[kind].dump() << lists.dump());
    const double error =
        result[kind]["value"].get<double>() - lists["value_of_bundle"].get<double>();
    CHECK(std::abs(error) < 3.0 * result[kind]["standard_error"].get<double>());
  }
}

TEST_CASE("Experiments of a simulation that cannot be used are refused with the field") {
  const auto refused = [](const std::string& at, const json& value, const std::string& words) {
    json plan = kPlan;
    plan[json::json_pointer(at)] = value;
    const TrialShop shop(plan);
    const Ran ran = shop.simulate(shop.folder / "shop");
    INFO(at << ": " << ran.err);
    CHECK(ran.code == 2);
    CHECK(ran.says(words));
  };
  refused("/experiments", json::array(), "a list of at least one");
  refused("/experiments/1/weights", {0.3, 0.3}, "experiments[1].weights");
  refused("/experiments/1/key", "hero", "a key that no other experiment has");
  refused("/experiments/0/hashAttribute", "company", "hero.hashAttribute");
  refused("/experiments/0/bandit", {{"method", "thompson"}}, "hero.bandit");
  refused("/effects/0/experiment", "none", "effects[0].experiment");
  refused("/effects/0/variation", "c", "one of control, bold");
  refused("/effects/0/clicks", 9, "a number from -1 to 2");
  refused("/effects/0/price", 1, "unknown key \"effects[0].price\"");
  refused("/effects/1/condition", "mobile", "effects[1].condition");
  refused("/list/items", 0, "list.items");
  refused("/reach", 2, "reach");
  const TrialShop shop;
  const Ran ran = vitrine({"simulate", "--out", shop.folder / "x", "--value-of", "x.vitrine"});
  CHECK(ran.code == 2);
  CHECK(ran.says("--value-of needs --experiments"));
}

}  // namespace
}  // namespace vitrine::simulate
