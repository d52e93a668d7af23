#include "report/svg.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "model_export/markup_fixture.h"
#include "report/charts.h"

namespace vitrine::report {

TEST_CASE("text from outside stays text") {
  CHECK(escaped("<script>alert('x')</script>") ==
        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  CHECK(escaped("a \"b\" & c") == "a &quot;b&quot; &amp; c");
  CHECK(escaped(std::string("\x01\x1b[31m\tok\n", 10)) == "\xEF\xBF\xBD\xEF\xBF\xBD[31m\tok\n");
  CHECK(escaped("v\xC3\xA4se \xF0\x9F\x8C\xB7") == "v\xC3\xA4se \xF0\x9F\x8C\xB7");
}

TEST_CASE("scales map their ends to the ends, straight or by logarithm") {
  const Scale plain{.from = 0.0, .to = 0.5, .low = 100.0, .high = 300.0};
  CHECK(plain.at(0.0) == 100.0);
  CHECK(plain.at(0.25) == 200.0);
  const Scale log{.from = 1e3, .to = 1e5, .low = 0.0, .high = 10.0, .log = true};
  CHECK(std::abs(log.at(1e4) - 5.0) < 1e-9);
}

TEST_CASE("ticks are round and stay within the axis") {
  const std::vector<double> ticks = Scale{.from = 0.0, .to = 0.53}.ticks(6);
  REQUIRE(ticks.size() == 6);
  CHECK(ticks.front() == 0.0);
  CHECK(std::abs(ticks.back() - 0.5) < 1e-9);
  CHECK(Scale{.from = 900.0, .to = 11000.0, .log = true}.ticks(0) ==
        std::vector<double>{1000.0, 2000.0, 5000.0, 10000.0});
  CHECK(round_up(0.13) == 0.2);
  CHECK(round_up(20.0) == 20.0);
  CHECK(round_up(0.0) == 1.0);
}

TEST_CASE("bytes are written as --max-bytes takes them") {
  CHECK(human_bytes(512) == "512 B");
  CHECK(human_bytes(65390) == "65.4 KB");
  CHECK(human_bytes(200000) == "200 KB");
  CHECK(human_bytes(999900) == "1 MB");
  CHECK(human_bytes(1926739) == "1.93 MB");
}

TEST_CASE("charts are well-formed whatever they show") {
  const Measured none{};
  const Measured some{0.4, 0.3, 0.5};
  const std::string names = "<b> & \"quotes\"";
  const std::string drawings[] = {
      draw(DotPlot{.axis = names,
                   .rows = {names, "two"},
                   .notes = {"n = 1", names},
                   .series = {{names, 0, {some, {}}}, {"b", 3, {none, some}}}}),
      draw(DotPlot{.axis = "HR", .rows = {"all zero"}, .series = {{"a", 1, {none}}}}),
      draw(std::vector<LorenzCurve>{{names, 2, {0.0, 0.2, 1.0}}}),
      draw(SizePlot{.axis = names, .curves = {{0, {{1000.0, some}}}, {1, {}}}}),
      draw(SizePlot{.axis = names, .curves = {{0, {{1000.0, none}}}, {1, {{9e6, none}}}}}),
      legend({{names, 0}, {"b", 1}, {"c", 2}, {"d", 3}}),
  };
  for (const std::string& drawing : drawings) {
    INFO(drawing);
    CHECK(flaw_of(drawing).empty());
    CHECK(drawing.find("nan") == std::string::npos);
    CHECK(drawing.find("inf") == std::string::npos);
  }
}

}  // namespace vitrine::report
