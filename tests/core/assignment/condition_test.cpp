#include "vitrine/assignment/condition.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::assignment {
namespace {

using nlohmann::json;

bool matches(const std::string& text, const std::string& expression) {
  return fulfils(json{{"page", text}}, json{{"page", {{"$regex", expression}}}});
}

}  // namespace

TEST_CASE("an expression sees the first 1,000 letters of an attribute, as in the page") {
  const std::string letters(999, 'a');
  CHECK(matches(letters + "b", "b$"));
  CHECK_FALSE(matches(letters + "ab", "b"));
  std::string umlauts;
  for (int i = 0; i < 999; ++i) umlauts += "ä";
  CHECK(matches(umlauts + "b", "b$"));
  CHECK_FALSE(matches(umlauts + "äb", "b"));
  CHECK(matches(umlauts + umlauts + umlauts + umlauts, "ä"));
}

TEST_CASE("an expression that needs backtracking matches nothing, as in the page") {
  for (const char* expression : {"(a)\\1", "(?=a)", "(?!b)", "[\\1]x|(?!b)"}) {
    CHECK_FALSE(matches("aaaa", expression));
  }
  CHECK(matches("a1", "[\\d]"));
  CHECK(matches("(?=", "\\(\\?="));
  CHECK(matches("(?=", "[(?=]+"));
}

}  // namespace vitrine::assignment
