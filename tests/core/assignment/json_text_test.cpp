#include "vitrine/assignment/json_text.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::assignment {
namespace {

using nlohmann::json;

TEST_CASE("JSON text gives the value that nlohmann's reader gives") {
  for (const char* text : {"null",
                           " true ",
                           "false",
                           "0",
                           "-0",
                           "12",
                           "-3",
                           "1.5e3",
                           "1E-2",
                           "123456789012",
                           "\"\"",
                           R"("a\"\\\/\b\f\n\r\tb")",
                           R"("\u00e9\ud83c\udf81x")",
                           "\"\xc3\xa9\"",
                           "[]",
                           "[ ]",
                           "[1,[2,{}],\"x\"]",
                           "{}",
                           R"({"a" : {"b":[null]}, "":1})",
                           R"({"a":1,"a":2})"}) {
    INFO(text);
    const auto value = json_from(text);
    REQUIRE(value.has_value());
    CHECK(*value == json::parse(text));
  }
}

TEST_CASE("Whole numbers keep their kind, so that a count is told from a share") {
  CHECK(json_from("7")->is_number_unsigned());
  CHECK(json_from("-7")->is_number_integer());
  CHECK(json_from("7.5")->is_number_float());
}

TEST_CASE("Text that is no JSON gives nothing") {
  for (const char* text :
       {"",    " ",      "nul",     "1 2",         "01",       "1.",       ".5",    "1e",
        "+1",  "-",      "[1,]",    "[1",          "{\"a\"}",  "{\"a\":}", "{a:1}", "{\"a\":1,}",
        "\"a", "\"\n\"", R"("\x")", R"("\u12g4")", R"("\u12)", "'a'",      "NaN"}) {
    INFO(text);
    CHECK_FALSE(json_from(text).has_value());
  }
  CHECK(json_from(std::string(64, '[') + std::string(64, ']')).has_value());
  CHECK_FALSE(json_from(std::string(65, '[') + std::string(65, ']')).has_value());
  CHECK_FALSE(json_from(std::string(100'000, '[')).has_value());
}

TEST_CASE("A value is written as JSON.stringify writes it") {
  CHECK(json_text(json_from(R"({"b":[1,2.5,true,null],"a":"x\"\n"})").value()) ==
        R"({"a":"x\"\u000a","b":[1,2.5,true,null]})");
  CHECK(json_text(json(1e21)) == "1e+21");
  CHECK(json_quoted("é") == "\"é\"");
}

}  // namespace
}  // namespace vitrine::assignment
