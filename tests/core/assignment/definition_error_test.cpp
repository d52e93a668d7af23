#include "vitrine/assignment/definition_error.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::assignment {
namespace {

using nlohmann::json;

/// The sentence about the first wrong field of a list, given as JSON text; empty when all is right.
std::string error_of(const char* list) {
  const auto error = definition_error(json::parse(list));
  return error ? error->text() : "";
}

TEST_CASE("The first wrong field of a definition is named with what it must be") {
  CHECK(error_of(R"([{"key": "a", "variations": [1, 2]}])").empty());
  CHECK(error_of("7") == R"("experiments" must be a list, not 7.)");
  CHECK(error_of("[7]") == R"("experiments[0]" must be an object, not 7.)");
  CHECK(error_of(R"([{"variations": [1, 2]}])") ==
        R"("experiments[0].key" must be a text, not null.)");
  CHECK(error_of(R"([{"key": "a", "variations": [1]}])") ==
        R"("experiments[0].variations" must be a list of at least two, not [1].)");
  CHECK(error_of(R"([{"key": "a", "variations": [1, 2], "weights": [1]}])") ==
        R"("experiments[0].weights" must be a share for each variation, 1 together, not [1].)");
  CHECK(error_of(R"([{"key": "a", "variations": [1, 2], "force": 2}])") ==
        R"("experiments[0].force" must be the index of a variation, not 2.)");
}

TEST_CASE("Definitions that contradict one another are named") {
  CHECK(error_of(R"([{"key": "a", "variations": [1, 2]}, {"key": "a", "variations": [1, 2]}])") ==
        R"("experiments[1].key" must be a key that no other experiment has, not "a".)");
  CHECK(
      error_of(R"([{"key": "a", "variations": [1, 2], "holdout": "a"}])") ==
      R"("experiments[0].holdout" must be the key of another experiment without a holdout, not "a".)");
  CHECK(
      error_of(R"([{"key": "a", "variations": [1, 2], "weights": [0.5, 0.5],
                      "bandit": {"method": "thompson"}}])") ==
      R"("experiments[0].weights" must be absent beside a "bandit", which has "priors", not [0.5,0.5].)");
}

}  // namespace
}  // namespace vitrine::assignment
