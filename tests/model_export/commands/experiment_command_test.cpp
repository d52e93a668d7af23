// `vitrine experiment` as a person uses it: whole logs, bad input, verdicts.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "model_export/command_fixture.h"
#include "model_export/markup_fixture.h"
#include "vitrine/split_mix.h"

namespace vitrine::commands {
namespace {

using Catch::Approx;
using nlohmann::json;

constexpr std::int64_t kStart = 1772323200;  // 2026-03-01
constexpr std::int64_t kDay = 86400;
const std::string kHeader = "user_id,event,timestamp,price,quantity,experiment,variation,country\n";

std::string exposure(const std::string& unit, const std::string& variation, std::int64_t time) {
  return fmt::format("{},exposure,{},,,hero,{},DE\n", unit, time, variation);
}
std::string purchase(const std::string& unit, std::int64_t time, double price = 10.0) {
  return fmt::format("{},purchase,{},{},1,,,DE\n", unit, time, price);
}

/// `units` visitors over ten days; of those in "control" a tenth buys, of those in "b" `b_rate`.
std::string log_of(int units, double b_rate, double b_share = 0.5) {
  SplitMix random(5);
  std::string log = kHeader;
  for (int i = 0; i < units; ++i) {
    const std::string unit = fmt::format("v{}", i);
    const bool treated = random.uniform() < b_share;
    const std::int64_t time = kStart + static_cast<std::int64_t>(random.below(10 * kDay));
    log += exposure(unit, treated ? "b" : "control", time);
    if (random.uniform() < (treated ? b_rate : 0.1)) {
      log += purchase(unit, time + 60, 5.0 + 20.0 * random.uniform());
    }
  }
  return log;
}

const json kConfig = {{"experiment", "hero"},
                      {"variations", {"control", "b"}},
                      {"metrics",
                       {{{"name", "conversion"}, {"event", "purchase"}},
                        {{"name", "revenue"},
                         {"type", "sum"},
                         {"event", "purchase"},
                         {"value", "revenue"},
                         {"role", "guardrail"}}}}};

struct Analysis {
  Folder folder;

  Ran run(const std::string& log, const json& config = kConfig,
          std::vector<std::string> more = {"--json"}) {
    std::vector<std::string> arguments = {"experiment", "analyze",
                                          "--events",   folder.write("log.csv", log),
                                          "--config",   folder.write("config.json", config.dump())};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return vitrine(arguments);
  }
};

json analyze(const std::string& log, const json& config = kConfig) {
  const Ran ran = Analysis().run(log, config);
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  return ran.json();
}

std::uint64_t problem(const json& result, const std::string& code) {
  for (const json& one : result["problems"]) {
    if (one["code"] == code) return one["count"];
  }
  return 0;
}

json with(const char* key, const json& value) {
  json config = kConfig;
  config[key] = value;
  return config;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST_CASE("A treatment that sells more is found, and its numbers are those of the log") {
  const json result = analyze(log_of(8000, 0.14));
  CHECK(result["verdicts"][0]["verdict"] == "better");
  CHECK_FALSE(result["sample_ratio"]["mismatch"].get<bool>());
  CHECK(result["problems"].empty());
  const json& conversion = result["metrics"][0];
  const double control = conversion["arms"][0]["mean"];
  const double treated = conversion["arms"][1]["mean"];
  CHECK(std::fabs(control - 0.1) < 0.02);
  const json& one = conversion["comparisons"][0];
  CHECK(one["lift"].get<double>() == Approx(treated / control - 1.0).epsilon(1e-12));
  CHECK(one["beta_binomial"]["chance_to_win"] > 0.99);
  CHECK(one["always_valid"]["interval"][0] < one["interval"][0]);
  CHECK(result["course"].size() == 10);
  CHECK(result["metrics"][1]["distribution"]["arms"].size() == 2);
}

TEST_CASE("There is no interval for any look before both arms have enough units") {
  const std::string log = log_of(200, 0.12);
  const json result = analyze(log);
  const json& always = result["metrics"][0]["comparisons"][0]["always_valid"];
  CHECK(always["interval"].is_null());
  CHECK(always["p"] == 1.0);
  CHECK(result["course"][9]["lifts"].empty());
  Analysis analysis;
  const std::string page = analysis.folder.write("report.html", "");
  const Ran text = analysis.run(log, kConfig, {"--report", page});
  CHECK(text.out.find("valid at any look: no interval until both arms have more units, p 1;") !=
        std::string::npos);
  CHECK(bytes_of(page).find("not before both arms have more units") != std::string::npos);
}

TEST_CASE("Without a difference none is found") {
  CHECK(analyze(log_of(4000, 0.1))["verdicts"][0]["verdict"] == "no difference found");
}

TEST_CASE("The order of files and the number of threads change nothing") {
  const Folder folder;
  const std::string log = log_of(1000, 0.12);
  const std::size_t half = log.find('\n', log.size() / 2) + 1;
  const std::string a = folder.write("a.csv", log.substr(0, half));
  const std::string b = folder.write("b.csv", kHeader + log.substr(half));
  const std::string config = folder.write("c.json", kConfig.dump());
  const auto run = [&](const std::string& first, const std::string& second, const char* threads) {
    return vitrine({"experiment", "analyze", "--events", first, "--events", second, "--config",
                    config, "--threads", threads, "--json"});
  };
  const Ran one = run(a, b, "1");
  REQUIRE(one.code == 0);
  CHECK(run(b, a, "2").out == one.out);
}

TEST_CASE("A sample ratio that is off blocks the verdict") {
  const json result = analyze(log_of(4000, 0.3, 0.4));
  CHECK(result["sample_ratio"]["mismatch"].get<bool>());
  CHECK(result["verdicts"][0]["verdict"] == "blocked");
  CHECK(analyze(log_of(4000, 0.3, 0.4), with("weights", {0.6, 0.4}))["verdicts"][0]["verdict"] ==
        "better");
}

TEST_CASE("Units that saw both variations, unknown variations and bots are left out and counted") {
  std::string log = log_of(2000, 0.1);
  log += exposure("both", "b", kStart) + exposure("both", "control", kStart + 5);
  log += exposure("odd", "c", kStart);
  for (int i = 0; i < 1500; ++i) log += exposure("bot", "b", kStart + i);
  const json result = analyze(log);
  CHECK(problem(result, "crossed_units") == 1);
  CHECK(problem(result, "unknown_variations") == 1);
  CHECK(problem(result, "bots") == 1);
  CHECK(result["units"][0]["units"].get<double>() + result["units"][1]["units"].get<double>() ==
        2000);
}

TEST_CASE("Exposures before the experiment, late events and rows written twice are told of") {
  std::string log = log_of(500, 0.1);
  log += exposure("early", "b", kStart - kDay);
  log += exposure("v0", "b", kStart + 20 * kDay);
  log += purchase("v1", kStart + 30 * kDay) + purchase("v1", kStart + 30 * kDay);
  json config = with("from", "2026-03-01");
  config["until"] = "2026-03-15";
  const json result = analyze(log, config);
  CHECK(problem(result, "early_exposures") == 1);
  CHECK(problem(result, "late_exposures") == 1);
  CHECK(problem(result, "late_events") == 1);
  CHECK(problem(result, "duplicate_rows") == 1);
}

TEST_CASE("An exposure before the ramp has begun is told of") {
  json config = {{"definition",
                  {{"key", "hero"},
                   {"variations", {"control", "b"}},
                   {"ramp", {{{"from", "2026-03-01"}, {"coverage", 0.5}}}}}}};
  const std::string log = log_of(500, 0.1) + exposure("early", "b", kStart - kDay);
  const json result = analyze(log, config);
  CHECK(problem(result, "early_exposures") == 1);
  config["from"] = "2026-02-01";
  CHECK(problem(analyze(log, config), "early_exposures") == 0);
}

TEST_CASE("A variation and an experiment may be called none") {
  const std::string log = kHeader +
                          "v1,exposure,1772323200,,,none,none,DE\n"
                          "v2,exposure,1772323200,,,none,b,DE\n";
  const json result = analyze(log, {{"experiment", "none"}, {"variations", {"none", "b"}}});
  CHECK(result["units"][0]["units"] == 1);
}

TEST_CASE("A segment that only late lines of a JSON log have is found") {
  const Folder folder;
  std::string log;
  for (int i = 0; i < 1200; ++i) {
    log +=
        fmt::format(R"({{"unit":"v{}","event":"exposure","time":{},"experiment":"hero",)"
                    R"("variation":"{}"{}}})"
                    "\n",
                    i, kStart, i % 2 == 0 ? "control" : "b", i < 1100 ? "" : R"(,"country":"DE")");
  }
  const std::string path = folder.write("log.jsonl", log);
  const auto run = [&](const char* segment) {
    return vitrine({"experiment", "analyze", "--events", path, "--config",
                    folder.write("config.json", with("segments", {segment}).dump()), "--json"});
  };
  const Ran found = run("country");
  INFO(found.err);
  REQUIRE(found.code == 0);
  CHECK(found.json()["segments"][0]["parts"][0]["units"] == 100);
  CHECK(run("contry").says("No file has the required column \"contry\""));
}

TEST_CASE("Amounts that no shop has count as nothing, and are told of") {
  const std::string log = log_of(500, 0.1);
  const json clean = analyze(log);
  const json absurd = analyze(log + purchase("v1", kStart + 30 * kDay, 1e300) +
                              "v2,purchase,1780000000,inf,1,,,DE\n");
  CHECK(problem(absurd, "absurd_amounts") >= 1);
  CHECK(std::isfinite(absurd["metrics"][1]["arms"][0]["mean"].get<double>()));
  CHECK(clean["metrics"][1]["arms"][1]["mean"] == absurd["metrics"][1]["arms"][1]["mean"]);
}

TEST_CASE("What a unit did before its first exposure does not count") {
  std::string log = kHeader;
  for (int i = 0; i < 100; ++i) {
    const std::string unit = fmt::format("v{}", i);
    log += exposure(unit, i % 2 == 0 ? "control" : "b", kStart + kDay);
    if (i < 40) log += purchase(unit, kStart);
    if (i >= 80) log += purchase(unit, kStart + kDay);
  }
  const json result = analyze(log);
  CHECK(result["metrics"][0]["arms"][0]["mean"].get<double>() == Approx(0.2));
}

TEST_CASE("An empty arm and a metric without variance are no silent verdict") {
  std::string log = kHeader;
  for (int i = 0; i < 10; ++i) log += exposure(fmt::format("v{}", i), "control", kStart);
  const json empty = analyze(log);
  CHECK(empty["verdicts"][0]["verdict"] != "better");
  CHECK(empty["metrics"][0]["comparisons"][0]["problem"].get<std::string>().find("no units") !=
        std::string::npos);

  for (int i = 0; i < 10; ++i) log += exposure(fmt::format("w{}", i), "b", kStart);
  const json flat = analyze(log);
  CHECK(flat["verdicts"][0]["verdict"] == "undecided");
  CHECK(flat["verdicts"][0]["message"].get<std::string>().find("conversion") != std::string::npos);
}

TEST_CASE("A guardrail that gets worse is harm, whatever the goal does") {
  std::string log = log_of(8000, 0.15);
  json config = with(
      "metrics",
      {{{"name", "conversion"}, {"event", "purchase"}},
       {{"name", "returns"}, {"event", "purchase"}, {"role", "guardrail"}, {"better", "less"}}});
  CHECK(analyze(log, config)["verdicts"][0]["verdict"] == "harmful");
}

TEST_CASE("A cap is stated, and cuts no more than it says") {
  json config = kConfig;
  config["metrics"][1]["cap"] = 15.0;
  const json result = analyze(log_of(2000, 0.1), config);
  const json& cap = result["metrics"][1]["cap"];
  CHECK(cap["at"] == 15.0);
  CHECK(cap["units"] > 50);
  config["metrics"][1].erase("cap");
  config["metrics"][1]["cap_quantile"] = 0.99;
  CHECK(analyze(log_of(2000, 0.1), config)["metrics"][1]["cap"]["units"] <= 3);
}

TEST_CASE("Exposures as the page sends them are read from JSON lines") {
  const Folder folder;
  std::string log;
  for (int i = 0; i < 400; ++i) {
    const json row = {{"event", "exposure"},
                      {"attribute", "id"},
                      {"unit", fmt::format("v{}", i)},
                      {"experiment", "hero"},
                      {"variation", i % 2 == 0 ? "control" : "b"},
                      {"time", (kStart + i) * 1000 + 250},
                      {"bundle", "00ff"},
                      {"list", {{"items", {"a", "b"}}, {"positions", {1, 2}}}}};
    log += row.dump() + "\n";
  }
  std::string events = "user_id,event,timestamp,price\n";
  for (int i = 0; i < 400; i += 7) events += fmt::format("v{},purchase,{},9\n", i, kStart + 5000);
  const Ran ran = vitrine({"experiment", "analyze", "--events", folder.write("x.jsonl", log),
                           "--events", folder.write("e.csv", events), "--config",
                           folder.write("c.json", kConfig.dump()), "--json"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.json()["units"][0]["units"] == 200);
  CHECK(ran.json()["metrics"][0]["arms"][0]["mean"].get<double>() == Approx(29.0 / 200));
}

TEST_CASE("Variations that the definition would not give are told of") {
  json config = kConfig;
  config.erase("variations");
  config["definition"] = {{"key", "hero"}, {"variations", {"control", "b"}}};
  CHECK(problem(analyze(log_of(400, 0.1), config), "unexpected_variations") > 100);
}

TEST_CASE("Segments are compared beside each other") {
  const json result = analyze(log_of(2000, 0.1), with("segments", {"country"}));
  CHECK(result["segments"][0]["parts"][0]["name"] == "DE");
  CHECK(result["segments"][0]["parts"][0]["units"] == 2000);
}

TEST_CASE("The page of an experiment is whole and takes names for text") {
  Analysis analysis;
  const std::string page = analysis.folder / "out.html";
  std::string log = log_of(3000, 0.13);
  json config = with("segments", {"country"});
  for (std::size_t at = 0; (at = log.find(",b,", at)) != std::string::npos;) {
    log.replace(at, 3, ",<b>&,");
  }
  config["variations"] = {"control", "<b>&"};
  const Ran ran = analysis.run(log, config, {"--report", page});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const std::string html = bytes_of(page);
  CHECK(flaw_of(html) == "");
  CHECK(html.find("&lt;b&gt;&amp;") != std::string::npos);
  CHECK(html.find("<polyline") != std::string::npos);
}

TEST_CASE("A configuration that cannot be used says which key, and what it must be") {
  Analysis analysis;
  const std::string log = log_of(10, 0.1);
  const auto refused = [&](const json& config, const std::string& words) {
    const Ran ran = analysis.run(log, config);
    INFO(ran.err);
    CHECK(ran.code == 2);
    CHECK(ran.says(words));
  };
  refused(with("weights", {0.5, 0.4}), "\"weights\" must be a share above 0 for each variation");
  refused(with("wieghts", {0.5, 0.5}), "unknown key \"wieghts\"");
  refused(with("variations", {"a", "a"}), "\"variations\"");
  refused(with("until", "soon"), "\"until\"");
  refused(with("metrics", json::array()), "\"metrics\"");
  refused(with("metrics", {{{"name", "m"}, {"event", "view"}, {"type", "mean"}}}),
          "metrics[0].type");
  refused(with("metrics", {{{"name", "m"}, {"event", "view"}}, {{"name", "m"}, {"event", "view"}}}),
          "metrics[1].name");
  refused(with("segments", {"planet"}), "column \"planet\"");
  refused(with("definition", {{"key", "hero"}, {"variations", {"a", "b"}}, {"hashVersion", 9}}),
          "hashVersion");
}

TEST_CASE("A log without the experiment names those that it has") {
  const Ran ran = Analysis().run(log_of(10, 0.1), with("experiment", "other"));
  CHECK(ran.code == 3);
  CHECK(ran.says("\"hero\""));
}

TEST_CASE("A log without a column for the unit says so") {
  const Ran ran = Analysis().run(replaced(log_of(10, 0.1), "user_id", "colour"));
  CHECK(ran.code == 3);
  CHECK(ran.says("--map unit_id=COLUMN"));
}

TEST_CASE("A plan gives units, days, smallest lift and power") {
  const Ran ran = vitrine({"experiment", "plan", "--mean", "0.04", "--lift", "0.05",
                           "--units-per-day", "10000", "--days", "14", "--json"});
  REQUIRE(ran.code == 0);
  const json plan = ran.json();
  CHECK(plan["units_per_variation"].get<double>() == Approx(154'000).epsilon(0.03));
  CHECK(plan["days_needed"] == 32);
  CHECK(plan["power_in_days"] < 0.8);
  CHECK(plan["smallest_lift_in_days"] > 0.05);
  CHECK(vitrine({"experiment", "plan", "--mean", "3", "--lift", "0.05"}).code == 2);
  CHECK(vitrine({"experiment", "plan", "--mean", "0.1"}).code == 2);
}

TEST_CASE("The laboratory finds the statistics right, at any number of threads") {
  const auto run = [](const char* threads) {
    return vitrine({"experiment", "lab", "--tests", "300", "--units", "2000", "--replays", "60",
                    "--shops", "6", "--shoppers", "500", "--threads", threads, "--json"});
  };
  const Ran one = run("1");
  REQUIRE(one.code == 0);
  CHECK(run("2").out == one.out);
  const json lab = one.json();
  // Four standard deviations of 300 tests at 5 % are 5 %.
  for (const auto& [metric, share] : lab["same"]["false_positives"].items()) {
    INFO(metric);
    CHECK(share < 0.10);
  }
  CHECK(lab["same"]["peeking_always_valid"] < 0.10);
  CHECK(lab["same"]["peeking_welch"] > 0.2);
  for (const auto& [metric, share] : lab["different"]["coverage"].items()) {
    INFO(metric);
    CHECK(share > 0.90);
  }
  CHECK(lab["different"]["power"]["conversion"] > 0.7);
  CHECK(lab["same"]["cuped_variance_reduction"] > 0.2);
  for (const char* kind : {"ips", "snips", "doubly_robust"}) {
    CHECK(lab["replay"][kind]["coverage"] > 0.8);
    CHECK(lab["bandits"]["replay"][kind]["coverage"] > 0.88);
    CHECK(lab["shops"]["replay"][kind] > 0.4);
  }
  // A single browser learns little from its own rounds; priors from a log help it much.
  const json& policies = lab["bandits"]["policies"];
  CHECK(policies[0]["regret"].get<double>() == Approx(0.0233).epsilon(0.03));
  CHECK(policies[2]["regret"] < policies[1]["regret"].get<double>() / 2.0);
  CHECK(lab["shops"]["false_positives"].size() == 3);
  for (const auto& [metric, share] : lab["shops"]["coverage"].items()) CHECK(share > 0.4);
}

}  // namespace
}  // namespace vitrine::commands
