// `vitrine replay`: lists that were left to chance in part, judged through the core's own ranker.
#include <algorithm>
#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "base/output_file.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_writer.h"
#include "core/shop.h"
#include "model_export/command_fixture.h"
#include "vitrine/ranking/ranker.h"
#include "vitrine/split_mix.h"
#include "vitrine/stats/off_policy.h"

namespace vitrine::commands {
namespace {

using Catch::Approx;
using nlohmann::json;
using stats::OffPolicy;
using stats::SupportProblem;

constexpr std::int64_t kStart = 1772323200;
constexpr std::array<double, 3> kPlaces = {1.0, 0.6, 0.3};  // how much a place is looked at

double appeal(const std::string& item) { return 0.1 + 0.07 * static_cast<double>(item.size() % 7); }

/// A bundle, the ids of three of its items, and the order in which it puts them.
struct Shop {
  Folder folder;
  bundle::BundleFile file = bundle::BundleFile::open(bundle::write_bundle(testing::small_shop()));
  std::string path = folder / "shop.vitrine";
  std::vector<std::string> items;
  std::vector<std::string> order;

  Shop() {
    base::write_file(path, file.bytes());
    const Bundle& bundle = file.bundle();
    const ItemNames names(bundle.ids());
    std::array<char, layout::kMaxIdBytes> text;
    const std::array<std::uint32_t, 3> numbers = {0, 1, 2};
    for (const std::uint32_t item : numbers) items.emplace_back(names.id_of(item, text));
    Ranker ranker(bundle);
    std::vector<Ranked> ranked(3);
    REQUIRE(ranker.rerank(numbers, {.blend = bundle.settings().recommend}, ranked) == 3);
    for (const Ranked& one : ranked) order.emplace_back(names.id_of(one.item, text));
  }

  /// The mean reward of a place in the bundle's order.
  [[nodiscard]] double truth() const {
    double sum = 0.0;
    for (std::size_t i = 0; i < 3; ++i) sum += kPlaces[i] * appeal(order[i]);
    return sum / 3.0;
  }

  Ran replay(const std::string& log, std::vector<std::string> more = {"--rerank"}) const {
    std::vector<std::string> arguments = {"replay",   "--events", folder.write("log.jsonl", log),
                                          "--bundle", path,       "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return vitrine(arguments);
  }
};

std::string shown(const std::string& unit, const std::vector<std::string>& items,
                  const json& propensities) {
  return json{{"unit", unit},
              {"event", "exposure"},
              {"time", kStart},
              {"list", {{"slot", "home"}, {"items", items}, {"propensities", propensities}}}}
             .dump() +
         "\n";
}

/// A list a unit, its order left to chance, and clicks by item and place.
std::string random_lists(const Shop& shop, int units) {
  SplitMix random(11);
  std::string log;
  for (int i = 0; i < units; ++i) {
    const std::string unit = fmt::format("v{}", i);
    std::vector<std::string> items = shop.items;
    for (std::size_t k = 2; k > 0; --k) std::swap(items[k], items[random.below(k + 1)]);
    log += shown(unit, items, {1.0 / 3, 1.0 / 3, 1.0 / 3});
    for (std::size_t k = 0; k < 3; ++k) {
      if (random.uniform() >= kPlaces[k] * appeal(items[k])) continue;
      log += json{{"unit", unit}, {"event", "view"}, {"item_id", items[k]}, {"time", kStart + 30}}
                 .dump() +
             "\n";
    }
  }
  return log;
}

TEST_CASE("A replay finds what the bundle's own order would have earned") {
  const Shop shop;
  const Ran ran = shop.replay(random_lists(shop, 4000));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const json result = ran.json();
  CHECK(result["lists"] == 4000);
  CHECK(result["places"] == 12000);
  CHECK(result["mean_weight"]["value"].get<double>() == Approx(1.0).margin(0.05));
  for (const char* kind : {"ips", "snips", "doubly_robust"}) {
    INFO(kind << " " << result[kind].dump() << " truth " << shop.truth());
    const double error = result[kind]["value"].get<double>() - shop.truth();
    CHECK(std::fabs(error) < 4.0 * result[kind]["standard_error"].get<double>());
  }
}

TEST_CASE("A log without exploration is refused with the reason") {
  const Shop shop;
  std::string log;
  for (int i = 0; i < 300; ++i) log += shown(fmt::format("v{}", i), shop.items, {1, 1, 1});
  const Ran ran = shop.replay(log);
  CHECK(ran.code == 3);
  CHECK(ran.says("every propensity is 1"));
  CHECK_FALSE(ran.json().contains("ips"));
}

TEST_CASE("A bundle that chooses what the log never showed is refused with the reason") {
  const Shop shop;
  std::string log;
  for (int i = 0; i < 300; ++i) {
    log += shown(fmt::format("v{}", i), {"unheard of", "unseen"}, {0.5, 0.5});
  }
  const Ran ran = shop.replay(log, {});
  CHECK(ran.code == 3);
  CHECK(ran.says("puts items at places where the log never had them"));
}

TEST_CASE("Lists that cannot be used are counted and left out") {
  const Shop shop;
  std::string log = random_lists(shop, 1000);
  log += shown("x1", shop.items, {0.5, 0.5});       // one is missing
  log += shown("x2", shop.items, {0.5, 0.5, 0.0});  // never shown, and yet it was
  log += shown("x3", {}, json::array());
  const Ran ran = shop.replay(log);
  REQUIRE(ran.code == 0);
  CHECK(ran.json()["unusable_lists"] == 3);
  CHECK(ran.json()["lists"] == 1000);
}

TEST_CASE("Another slot's lists do not count") {
  const Shop shop;
  const Ran ran = shop.replay(random_lists(shop, 50), {"--rerank", "--slot", "cart"});
  CHECK(ran.code == 3);
  CHECK(ran.says("fewer than two units"));
}

TEST_CASE("The logging policy itself is worth what was logged") {
  SplitMix random(2);
  OffPolicy policy;
  double reward = 0.0;
  for (int unit = 0; unit < 500; ++unit) {
    for (int k = 0; k < 3; ++k) {
      const double p = 0.2 + 0.6 * random.uniform();
      const double clicked = random.uniform() < 0.3 ? 1.0 : 0.0;
      reward += clicked / 1500.0;
      policy.add({.reward = clicked, .propensity = p, .target = p});
    }
    policy.end_cluster();
  }
  const stats::OffPolicyEstimate estimate = policy.estimate(0.05);
  CHECK(support_problem(estimate) == SupportProblem::kNone);
  CHECK(estimate.ips.value == Approx(reward).epsilon(1e-9));
  CHECK(estimate.snips.value == Approx(reward).epsilon(1e-9));
  CHECK(estimate.effective_size == Approx(1500.0));
}

TEST_CASE("Too small an effective sample is no answer") {
  OffPolicy policy;
  for (int unit = 0; unit < 60; ++unit) {
    policy.add({.reward = unit % 2 == 0 ? 1.0 : 0.0,
                .propensity = 0.5,
                .target = unit % 2 == 0 ? 1.0 : 0.0});
    policy.end_cluster();
  }
  CHECK(support_problem(policy.estimate(0.05)) == SupportProblem::kTooFew);
  CHECK(support_problem(OffPolicy().estimate(0.05)) == SupportProblem::kNoDecisions);
}

}  // namespace
}  // namespace vitrine::commands
