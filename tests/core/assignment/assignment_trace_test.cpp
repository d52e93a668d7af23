#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vitrine/assignment/assignment.h"
#include "vitrine/assignment/utf16.h"

namespace vitrine::assignment {
namespace {

using nlohmann::json;

std::vector<std::string> words(const AssignmentTrace& trace) {
  std::vector<std::string> out;
  for (const auto& check : trace.checks) out.emplace_back(assignment_word(check.reason));
  return out;
}

TEST_CASE("A trace has each check up to the one that decides, and the draw behind it") {
  const Experiment experiment = experiment_from(
      {{"key", "blend"}, {"variations", {"a", "b"}}, {"hashVersion", 2}, {"coverage", 0.5}});
  AssignmentTrace trace;
  const Assignment assigned = assign(experiment, {.attributes = {{"id", "1"}}}, &trace);
  REQUIRE(trace.draws.size() == 1);
  const AssignmentTrace::Draw& draw = trace.draws[0];
  CHECK(draw.name == "variation");
  CHECK(draw.unit == UnitId("id", "1"));
  CHECK(utf8(draw.seed) == "blend");
  CHECK(draw.bucket == bucket(u"blend", u"1", 2).value());
  REQUIRE(draw.ranges.size() == 2);
  CHECK(draw.ranges[1].end == 0.75);
  CHECK(draw.range == assigned.variation);
  REQUIRE_FALSE(trace.checks.empty());
  for (std::size_t i = 0; i + 1 < trace.checks.size(); ++i) CHECK_FALSE(trace.checks[i].decides);
  CHECK(trace.checks.back().decides);
  CHECK(trace.checks.back().reason == assigned.reason);
}

TEST_CASE("A trace shows which field of a condition is not fulfilled") {
  const Experiment experiment = experiment_from(
      {{"key", "blend"},
       {"variations", {"a", "b"}},
       {"condition", {{"country", {{"$in", {"DE", "AT"}}}}, {"cart.total", {{"$gt", 5}}}}}});
  AssignmentTrace trace;
  const Assignment assigned =
      assign(experiment, {.attributes = {{"id", "1"}, {"country", "FR"}, {"cart", {{"total", 9}}}}},
             &trace);
  CHECK(assigned.reason == AssignmentReason::kCondition);
  CHECK(words(trace).back() == "condition");
  REQUIRE(trace.requirements.size() == 2);
  CHECK(trace.requirements[0].name == "cart.total");
  CHECK(trace.requirements[0].found == 9);
  CHECK(trace.requirements[0].fulfilled);
  CHECK(trace.requirements[1].name == "country");
  CHECK(trace.requirements[1].found == "FR");
  CHECK_FALSE(trace.requirements[1].fulfilled);
  CHECK(trace.draws.empty());
}

TEST_CASE("A trace shows the draws of a namespace and of filters") {
  json entry = {{"key", "blend"}, {"variations", {"a", "b"}}, {"namespace", {"prices", 0.0, 1.0}}};
  AssignmentTrace trace;
  CHECK(assign(experiment_from(entry), {.attributes = {{"id", "1"}}}, &trace).in_experiment());
  REQUIRE(trace.draws.size() == 2);
  CHECK(trace.draws[0].name == "namespace");
  CHECK(trace.draws[0].bucket == namespace_bucket(u"1", u"prices"));
  CHECK(trace.draws[0].range == 0);

  entry["filters"] = {{{"seed", "s"}, {"ranges", {{0.0, 0.0}}}, {"hashVersion", 2}}};
  trace = {};
  CHECK(assign(experiment_from(entry), {.attributes = {{"id", "1"}}}, &trace).reason ==
        AssignmentReason::kFiltered);
  REQUIRE(trace.draws.size() == 1);
  CHECK(trace.draws[0].name == "filter");
  CHECK(trace.draws[0].range == -1);
}

TEST_CASE("A seed comes back from UTF-16 as it was written") {
  for (const std::string text : {"", "seed", "é", "€", "🎁x"}) CHECK(utf8(utf16(text)) == text);
  CHECK(utf8(u"\xd83c!") == "\xef\xbf\xbd!");
}

}  // namespace
}  // namespace vitrine::assignment
