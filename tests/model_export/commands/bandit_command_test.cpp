// Bandit slots from the log to the bundle: `vitrine replay --experiment` and `vitrine experiment
// priors`.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>

#include "bundle/bundle_file.h"
#include "model_export/command_fixture.h"
#include "vitrine/assignment/utf16.h"
#include "vitrine/bandits/bandit.h"
#include "vitrine/split_mix.h"
#include "vitrine/stats/bayes.h"

namespace vitrine::commands {
namespace {

using Catch::Approx;
using nlohmann::json;

constexpr std::int64_t kStart = 1772323200;
constexpr std::int64_t kDay = 86400;
const std::vector<std::string> kNames = {"none", "free shipping", "gift"};
constexpr std::array<double, 3> kRates = {0.1, 0.15, 0.25};

const json kExperiment = {{"key", "offer"},
                          {"variations", kNames},
                          {"hashVersion", 2},
                          {"bandit", {{"method", "thompson"}, {"epsilon", 0.3}}}};

std::string line(const json& row) { return row.dump() + "\n"; }

/// Four rounds each of `units` browsers that learn by themselves; those of even number buy twice as
/// often as the others.
std::string log_of(int units) {
  SplitMix random(3);
  const bandits::Bandit bandit{.epsilon = 0.3};
  std::map<std::vector<bandits::BanditCounts>, std::vector<double>> known;
  std::string log;
  for (int unit = 0; unit < units; ++unit) {
    const std::string id = fmt::format("v{}", unit);
    std::vector<bandits::BanditCounts> outcomes(3, {0.0, 0.0});
    for (int round = 0; round < 4; ++round) {
      std::vector<double>& chances = known[outcomes];
      if (chances.empty()) chances = bandits::bandit_propensities(bandit, outcomes);
      const std::size_t chosen = bandits::variation_at(
          chances,
          bandits::bandit_place(u"offer", assignment::utf16(id), static_cast<unsigned>(round)));
      const std::int64_t time = kStart + round * kDay;
      const json exposure = {{"event", "exposure"},
                             {"attribute", "id"},
                             {"unit", id},
                             {"experiment", "offer"},
                             {"variation", kNames[chosen]},
                             {"time", time * 1000},
                             {"bundle", "x"},
                             {"propensity", chances[chosen]},
                             {"round", round}};
      log += line(exposure);
      const double activity = unit % 2 == 0 ? 4.0 / 3.0 : 2.0 / 3.0;
      const bool bought = random.uniform() < activity * kRates[chosen];
      if (bought) {
        log += line({{"event", "purchase"}, {"unit", id}, {"time", (time + 600) * 1000}});
      }
      outcomes[chosen][bought ? 0 : 1] += 1.0;
    }
  }
  return log;
}

Ran replay(const Folder& folder, const std::string& log, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"replay",       "--events", folder.write("log.jsonl", log),
                                        "--experiment", "offer",    "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return vitrine(arguments);
}

TEST_CASE("The replay of a bandit's log finds what each variation is worth to everybody") {
  const Folder folder;
  const Ran ran = replay(folder, log_of(4000));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const json result = ran.json();
  CHECK(result["rounds"] == 16000);
  CHECK(result["repeated_exposures"] == 0);
  REQUIRE(result["variations"].size() == 3);
  for (const json& one : result["variations"]) {
    const auto at = std::find(kNames.begin(), kNames.end(), one["variation"]) - kNames.begin();
    const double truth = kRates[static_cast<std::size_t>(at)];
    CHECK(one["mean_weight"]["value"].get<double>() == Approx(1.0).margin(0.05));
    for (const char* kind : {"ips", "snips", "doubly_robust"}) {
      INFO(kind << " " << one.dump());
      const double error = one[kind]["value"].get<double>() - truth;
      CHECK(std::fabs(error) < 3.0 * one[kind]["standard_error"].get<double>());
      CHECK(one[kind]["standard_error"] < 0.02);
    }
  }
}

TEST_CASE("A round that the page reports again counts once") {
  const Folder folder;
  const std::string log = log_of(300);
  std::string twice = log;
  std::istringstream lines(log);
  for (std::string text; std::getline(lines, text);) {
    json row = json::parse(text);
    if (row["event"] != "exposure") continue;
    row["time"] = row["time"].get<std::int64_t>() + 60000;
    twice += line(row);
  }
  const json one = replay(folder, log).json();
  const json two = replay(folder, twice).json();
  CHECK(two["repeated_exposures"] == 1200);
  CHECK(two["variations"] == one["variations"]);
}

TEST_CASE("A log without propensities, or of another experiment, is refused with what to do") {
  const Folder folder;
  const std::string log = line({{"event", "exposure"},
                                {"unit", "v"},
                                {"experiment", "offer"},
                                {"variation", "gift"},
                                {"time", kStart * 1000}});
  const Ran without = replay(folder, log);
  CHECK(without.code == 3);
  CHECK(without.says("vitrine experiment analyze"));
  CHECK(replay(folder, log_of(20), {"--bundle", "x.vitrine"}).code == 2);
  CHECK(vitrine({"replay", "--events", folder.write("log.jsonl", log)}).says("Give --bundle"));

  const json config = {{"definition", kExperiment}};
  const Ran analyzed = vitrine({"experiment", "analyze", "--events", folder / "log.jsonl",
                                "--config", folder.write("config.json", config.dump())});
  CHECK(analyzed.code == 2);
  CHECK(analyzed.says("vitrine replay --experiment"));
}

TEST_CASE("A variation that was hardly shown has no value") {
  const Folder folder;
  const json result = replay(folder, log_of(40)).json();
  for (const json& one : result["variations"]) {
    CHECK(one["refused"].get<std::string>().find("effective sample is below 100 rounds") !=
          std::string::npos);
    CHECK_FALSE(one.contains("ips"));
  }
}

TEST_CASE("Priors that a log tells travel in the bundle, and count for no more than asked") {
  const Folder folder;
  const std::string config = folder.write(
      "train.json",
      json{{"experiments", {kExperiment, {{"key", "fixed"}, {"variations", {"a", "b"}}}}}}.dump());
  const std::string log = folder.write("log.jsonl", log_of(3000));
  const auto priors = [&](const char* strength) {
    const Ran ran = vitrine(
        {"experiment", "priors", "--events", log, "--config", config, "--strength", strength});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return ran.out;
  };
  const std::string written = priors("200");
  const json filled = json::parse(written)["experiments"];
  CHECK(filled[1] == json({{"key", "fixed"}, {"variations", {"a", "b"}}}));
  for (std::size_t i = 0; i < 3; ++i) {
    const json& prior = filled[0]["bandit"]["priors"][i];
    const double rounds = prior[0].get<double>() + prior[1].get<double>() - 2.0;
    CHECK(rounds == Approx(200.0).margin(0.02));
    CHECK((prior[0].get<double>() - 1.0) / rounds == Approx(kRates[i]).margin(0.03));
  }
  const json weak = json::parse(priors("20"))["experiments"][0]["bandit"]["priors"];
  CHECK(weak[2][0].get<double>() + weak[2][1].get<double>() == Approx(22.0).margin(0.02));

  const std::string bundle = folder / "shop.vitrine";
  const Ran trained =
      vitrine({"train", "--no-tune", "--events", folder.write("events.csv", small_csv()),
               "--config", folder.write("with_priors.json", written), "--out", bundle});
  INFO(trained.err);
  REQUIRE(trained.code == 0);
  const bundle::BundleFile file = bundle::BundleFile::read(bundle);
  CHECK(json::parse(file.bundle().experiments())["experiments"] == filled);
}

TEST_CASE("Priors are asked for where there is a bandit") {
  const Folder folder;
  const std::string log = folder.write("log.jsonl", log_of(10));
  const auto ran = [&](const json& config) {
    return vitrine({"experiment", "priors", "--events", log, "--config",
                    folder.write("train.json", config.dump())});
  };
  CHECK(ran({{"experiments", {{{"key", "a"}, {"variations", {"a", "b"}}}}}})
            .says("has a \"bandit\""));
  json wrong = kExperiment;
  wrong["bandit"]["priors"] = {{1, 1}};
  const Ran refused = ran({{"experiments", {wrong}}});
  CHECK(refused.code == 2);
  CHECK(refused.says("experiments[0].bandit.priors"));
  wrong["bandit"] = {{"method", "best"}};
  CHECK(ran({{"experiments", {wrong}}}).says("experiments[0].bandit"));
  wrong = kExperiment;
  wrong["weights"] = {0.2, 0.3, 0.5};
  CHECK(ran({{"experiments", {wrong}}}).says("experiments[0].weights"));
}

TEST_CASE("The chance to be the best of two is that of the beta-binomial posterior") {
  for (const auto& [x1, n1, x2, n2] : {std::array{3.0, 50.0, 5.0, 40.0},
                                       {400.0, 9000.0, 380.0, 8000.0},
                                       {0.0, 3.0, 1.0, 2.0},
                                       {12.5, 100.5, 11.25, 99.0}}) {
    const std::array<bandits::BanditCounts, 2> shapes = {
        {{1.0 + x1, 1.0 + n1 - x1}, {1.0 + x2, 1.0 + n2 - x2}}};
    CHECK(bandits::chances_to_be_best(shapes)[1] ==
          Approx(stats::beta_binomial(x1, n1, x2, n2).chance_to_win).epsilon(1e-10));
  }
}

}  // namespace
}  // namespace vitrine::commands
