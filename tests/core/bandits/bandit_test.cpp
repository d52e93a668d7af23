// The bandits' arithmetic, natively and in wasm, beside exact answers that the npm package has too.
#include "vitrine/bandits/bandit.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "vitrine/assignment/definition.h"
#include "vitrine/assignment/definition_error.h"
#include "vitrine/assignment/utf16.h"

namespace vitrine::bandits {
namespace {

using Catch::Approx;
using nlohmann::json;

json shared_cases(const char* group) {
  std::ifstream file(std::string(VITRINE_SOURCE_DIR) + "/tests/conformance/bandits.json");
  return json::parse(file)[group];
}

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST_CASE("The chance to be the best is the exact one") {
  for (const json& one : shared_cases("chances")) {
    INFO(one["shapes"].dump());
    const auto chances = chances_to_be_best(one["shapes"].get<std::vector<BanditCounts>>());
    for (std::size_t i = 0; i < chances.size(); ++i) {
      CHECK(chances[i] == Approx(one["expected"][i].get<double>()).margin(1e-13).epsilon(0.0));
    }
  }
}

TEST_CASE("Shapes at the bounds of a definition have chances that add up") {
  const std::vector<BanditCounts> shapes = {{0.01, 0.01}, {1e6, 0.01}, {0.01, 1e6}, {1e6, 1e6}};
  const std::vector<double> chances = chances_to_be_best(shapes);
  CHECK(sum(chances) == Approx(1.0).epsilon(1e-12));
  // 1,000,000 of 1,000,000 is best unless the first, all or nothing, comes out at nearly 1.
  CHECK(chances[1] > 0.4);
  CHECK(chances[3] < 0.1);
  for (const double chance : chances) CHECK((chance >= 0.0 && std::isfinite(chance)));
}

TEST_CASE("Propensities are those of the npm package") {
  for (const json& one : shared_cases("propensities")) {
    INFO(one.dump());
    const json definition = {{"key", "offer"},
                             {"variations", std::vector<std::string>(one["outcomes"].size(), "x")},
                             {"bandit", one["bandit"]}};
    REQUIRE_FALSE(assignment::definition_error(json::array({definition})).has_value());
    const auto propensities = bandit_propensities(*assignment::experiment_from(definition).bandit,
                                                  one["outcomes"].get<std::vector<BanditCounts>>());
    CHECK(sum(propensities) == Approx(1.0).epsilon(1e-12));
    for (std::size_t i = 0; i < propensities.size(); ++i) {
      CHECK(propensities[i] == Approx(one["expected"][i].get<double>()).epsilon(1e-12));
    }
  }
}

TEST_CASE("A unit's round falls where the npm package has it") {
  for (const json& one : shared_cases("places")) {
    CHECK(bandit_place(assignment::utf16(one["seed"].get<std::string>()),
                       assignment::utf16(one["unit"].get<std::string>()),
                       one["round"]) == one["expected"].get<double>());
  }
}

TEST_CASE("A place takes the variation whose share of the propensities holds it") {
  const std::vector<double> propensities = {0.25, 0.0, 0.75};
  CHECK(variation_at(propensities, 0.0) == 0);
  CHECK(variation_at(propensities, 0.25) == 2);
  CHECK(variation_at(propensities, 0.999) == 2);
  CHECK(variation_at(std::vector<double>{0.5, 0.4999999}, 0.99999999) == 1);
}

}  // namespace
}  // namespace vitrine::bandits
