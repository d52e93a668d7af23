// The cases that GrowthBook publishes for its SDKs: natively, under sanitizers and in wasm.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vitrine/assignment/assignment.h"
#include "vitrine/assignment/condition.h"
#include "vitrine/assignment/definition_error.h"
#include "vitrine/assignment/utf16.h"
#include "vitrine/experiment/bucketing.h"

namespace vitrine::assignment {
namespace {

using nlohmann::json;

/// The cases of a group; skips the test where the machine has none, fails unless there are `count`.
json cases(const char* group, std::size_t count) {
  const std::string path = std::string(VITRINE_SHARED_DIR) + "/vectors/growthbook/cases.json";
  std::ifstream file(path);
  if (!file) SKIP("no " << path << ": the published cases are not here");
  json found = json::parse(file)[group];
  REQUIRE(found.size() == count);
  return found;
}

std::u16string units(const json& text) { return utf16(text.get<std::string>()); }

StickyStore store_of(const json& documents) {
  StickyStore store;
  for (const json& document : documents) {
    store[{document["attributeName"], document["attributeValue"]}] = document["assignments"];
  }
  return store;
}

TEST_CASE("Published cases: hash") {
  for (const json& c : cases("hash", 15)) {
    INFO(c.dump());
    const auto place = bucket(units(c[0]), units(c[1]), c[2]);
    CHECK(place.has_value() == c[3].is_number());
    if (place) CHECK(*place == c[3].get<double>());
  }
}

TEST_CASE("Published cases: getBucketRange") {
  for (const json& c : cases("getBucketRange", 13)) {
    INFO(c.dump());
    std::vector<double> weights;
    if (c[1][2].is_array()) weights = c[1][2].get<std::vector<double>>();
    std::vector<BucketRange> ranges(c[1][0].get<std::size_t>());
    bucket_ranges(c[1][1], weights, ranges);
    REQUIRE(c[2].size() == ranges.size());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      CHECK(std::abs(ranges[i].start - c[2][i][0].get<double>()) < 1e-6);
      CHECK(std::abs(ranges[i].end - c[2][i][1].get<double>()) < 1e-6);
    }
  }
}

TEST_CASE("Published cases: getEqualWeights") {
  for (const json& c : cases("getEqualWeights", 6)) {
    INFO(c.dump());
    std::vector<BucketRange> ranges(static_cast<std::size_t>(std::max(c[0].get<int>(), 0)));
    bucket_ranges(1.0, {}, ranges);
    REQUIRE(c[1].size() == ranges.size());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      CHECK(std::abs(ranges[i].end - ranges[i].start - c[1][i].get<double>()) < 1e-8);
    }
  }
}

TEST_CASE("Published cases: chooseVariation") {
  for (const json& c : cases("chooseVariation", 13)) {
    INFO(c.dump());
    std::vector<BucketRange> ranges;
    for (const json& range : c[2]) ranges.push_back({range[0], range[1]});
    CHECK(choose_variation(c[1], ranges) == c[3].get<int>());
  }
}

TEST_CASE("Published cases: inNamespace") {
  for (const json& c : cases("inNamespace", 16)) {
    INFO(c.dump());
    CHECK(in_namespace(units(c[1]), units(c[2][0]), c[2][1], c[2][2]) == c[3].get<bool>());
  }
}

TEST_CASE("Published cases: getQueryStringOverride") {
  for (const json& c : cases("getQueryStringOverride", 16)) {
    INFO(c.dump());
    const auto found =
        query_string_override(c[1].get<std::string>(), c[2].get<std::string>(), c[3]);
    CHECK((found ? json(*found) : json()) == c[4]);
  }
}

TEST_CASE("Published cases: evalCondition") {
  for (const json& c : cases("evalCondition", 248)) {
    INFO(c.dump());
    CHECK(fulfils(c[2], c[1], c.size() > 4 ? c[4] : json::object()) == c[3].get<bool>());
  }
}

TEST_CASE("Published cases: run") {
  for (const json& c : cases("run", 73)) {
    INFO(c.dump());
    const json& given = c[1];
    AssignmentContext context{.attributes = given.value("attributes", json::object()),
                              .url = given.value("url", ""),
                              .forced = given.value("forcedVariations", json::object()),
                              .enabled = given.value("enabled", true),
                              .qa_mode = given.value("qaMode", false),
                              .groups = given.value("savedGroups", json::object())};
    const json features = given.value("features", json::object());
    for (const auto& [name, feature] : features.items()) {
      context.features[name] = feature["defaultValue"];
    }
    const Experiment experiment = experiment_from(c[2]);
    const Assignment assigned = assign(experiment, context);
    CHECK(assigned.in_experiment() == c[4].get<bool>());
    CHECK(assigned.is_drawn() == c[5].get<bool>());
    // A unit outside sees the control.
    const auto shown = static_cast<std::size_t>(std::max(assigned.variation, 0));
    CHECK(experiment.variations[shown] == c[3]);
  }
}

TEST_CASE("Published cases: stickyBucket") {
  for (const json& c : cases("stickyBucket", 13)) {
    INFO(c.dump());
    const std::string feature = c[3];
    json rule = c[1]["features"][feature]["rules"][0];
    if (!rule.contains("key")) rule["key"] = feature;
    const Experiment experiment = experiment_from(rule);
    StickyStore store = store_of(c[2]);
    const json& attributes = c[1]["attributes"];
    const Assignment assigned = assign(experiment, {.attributes = attributes, .sticky = &store});
    const json& expected = c[4];
    CHECK(assigned.in_experiment() == !expected.is_null());
    if (!expected.is_null()) {
      CHECK(assigned.variation == expected["variationId"].get<int>());
      CHECK((assigned.reason == AssignmentReason::kSticky) ==
            expected["stickyBucketUsed"].get<bool>());
      CHECK(assigned.unit == UnitId(expected["hashAttribute"], expected["hashValue"]));
    }
    // The published lists name this visitor's documents only.
    std::erase_if(store, [&](const auto& document) {
      return attributes.value(document.first.first, "") != document.first.second;
    });
    CHECK(store == store_of(c[5]));
  }
}

TEST_CASE("Units are assigned as the npm package assigns them") {
  std::ifstream file(std::string(VITRINE_SOURCE_DIR) + "/tests/conformance/assignments.json");
  const json shared = json::parse(file);
  const json& definitions = shared["experiments"];
  REQUIRE_FALSE(definition_error(definitions).has_value());
  const Experiments experiments = experiments_from(definitions);
  for (const json& c : shared["cases"]) {
    for (std::size_t i = 0; i < definitions.size(); ++i) {
      INFO(c["attributes"].dump() << " " << definitions[i].dump());
      const Assignment assigned = assign(
          experiments.find(definitions[i]["key"].get<std::string>())->second,
          {.attributes = c["attributes"], .experiments = &experiments, .now = shared["now"]});
      CHECK(assigned.variation == c["expected"][i][0].get<int>());
      CHECK(assignment_word(assigned.reason) == c["expected"][i][1].get<std::string>());
    }
  }
}

}  // namespace
}  // namespace vitrine::assignment
