#include "report/report.h"

#include <catch2/catch_test_macros.hpp>

#include "bundle/bundle_file.h"
#include "core/shop.h"
#include "model_export/log_fixture.h"
#include "model_export/markup_fixture.h"
#include "recommend/evaluation/evaluation.h"
#include "report/examples.h"

namespace vitrine::report {

namespace {

using nlohmann::json;

const std::string kHostile = "</td><script>alert(\"1\")</script>&'";

/// All that a command may put into its JSON, by names that no page should trust.
json whole_result() {
  bundle::BundleContents contents = testing::small_shop();
  contents.ids[testing::kMug] = kHostile;
  contents.attributes[testing::kMug].category = "<b>/" + kHostile;
  const bundle::BundleFile bundle = bundle::BundleFile::open(bundle::write_bundle(contents));
  const std::unordered_map<std::string, std::string> titles = {
      {"kettle-1", "<img src=x onerror=y>"}};
  const std::vector<std::string> items = {kHostile, "kettle-1", kHostile, "unheard of", "pan-1"};
  std::vector<LogEvent> log;
  for (std::int32_t session = 0; session < 8; ++session) {
    for (std::int32_t i = 0; i < 5; ++i) {
      log.push_back({.session = session,
                     .position = i,
                     .item = items[static_cast<std::size_t>((session + i) % 5)],
                     .kind = static_cast<EventKind>(i % 3)});
    }
  }
  const model::LoggedSessions logged = event_log(log).test_sessions();
  const recommend::EvaluationOptions options{.k = 3, .reference = &bundle.bundle()};
  const recommend::TestSessions sessions = recommend::test_sessions_for(bundle.bundle(), logged);
  json result = to_json(recommend::evaluate(bundle.bundle(), sessions, options));
  json baseline = result;
  baseline["first_visit"] = nullptr;
  result["command"] = "backtest";
  result["k"] = 3;
  result["rules"] = {{"target", kHostile},
                     {"ranking", "whole catalogue"},
                     {"repeats", true},
                     {"drop_current", false},
                     {"filter_seen", false}};
  result["split"] = {{"name", kHostile}, {"test", kHostile}};
  result["test"] = {{"sessions", 8}, {"events", 40}};
  result["baselines"] = {
      {"popularity", baseline}, {"popularity_7_days", nullptr}, {"item_knn", baseline}};
  result["ranking_us"] = {{"p50", 9.0}, {"p99", 12.0}};
  result["source"] = {
      {"files", {kHostile, "b.csv"}}, {"events", 40},          {"sessions", 8},
      {"sessions_from", kHostile},    {"first_time", 1600000}, {"last_time", 1700000}};
  result["training"] = {{"counts", {{"items", 8}}},
                        {"bundle", {{"brotli_bytes", 800}}},
                        {"settings", {{kHostile, {{"a", 1.5}, {kHostile, {1, 2, 3}}}}}},
                        {"choice",
                         {{"rule", kHostile},
                          {"best", 1.25},
                          {"tried",
                           {{{"setting", kHostile}, {"value", 0.5}, {"hit_rate", 0.25}},
                            {{"setting", "b"}, {"value", 1}, {"hit_rate", 0.5}}}}}}};
  result["pareto"] = {{{"budget", 100}, {"needs", 700}}, result};
  result["pareto"][1]["budget"] = 900;
  result["pareto"][1]["size"] = 800;
  result["pareto"][1]["session_entries"] = 8;
  result["pareto"][1]["embedding_dims"] = 3;
  result["examples"] = make_examples(logged, titles, bundle, options);
  return result;
}

}  // namespace

TEST_CASE("a page is well-formed and loads nothing, however hostile the names in it") {
  const std::string html = render_report(whole_result());
  CHECK(flaw_of(html.substr(0, html.find("<style>")) + html.substr(html.find("</style>") + 8)) ==
        "");
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("<img") == std::string::npos);
  CHECK(html.find("<b>/") == std::string::npos);
  CHECK(count_of(html, "&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;") >
        10);
  CHECK(html.find("&lt;img src=x onerror=y&gt;") != std::string::npos);
  // The only addresses are names of vocabularies.
  CHECK(count_of(html, "http") == count_of(html, "xmlns=\"http://www.w3.org/2000/svg\"") + 1);
  for (const char* loads : {"url(", "@import", "src=\"", "href=", "<link", "<iframe", "<object"}) {
    INFO(loads);
    CHECK(html.find(loads) == std::string::npos);
  }
  CHECK(html.find("prefers-color-scheme: dark") != std::string::npos);
  CHECK(html.find("@media print") != std::string::npos);
}

TEST_CASE("a page has a section for each part of the result, and no others") {
  json result = whole_result();
  const std::vector<std::pair<std::string, std::string>> sections = {
      {"source", "Data"},
      {"rules", "Split and rules"},
      {"lists", "What is shown"},
      {"hit_rate", "Model against baselines"},
      {"segments", "Quality by segment"},
      {"first_visit", "First visit"},
      {"pareto", "Size against quality"},
      {"examples", "Examples"},
      {"training", "Settings"},
      {"training", "How settings were chosen"}};
  const std::string whole = render_report(result);
  for (const auto& [key, heading] : sections) {
    INFO(heading);
    CHECK(whole.find("<h2>" + heading + "</h2>") != std::string::npos);
  }
  const std::string none = render_report({{"command", "train"}});
  CHECK(flaw_of(none.substr(none.find("</style>") + 8)).starts_with("closed but not open"));
  CHECK(none.find("<h2>") == std::string::npos);
}

TEST_CASE("examples tell what was seen, what was recommended and whether it came") {
  const json examples = whole_result()["examples"];
  REQUIRE(examples.size() == 6);
  for (const json& example : examples) {
    CHECK(example["history"].size() == 4);
    CHECK(example["recommended"].size() == 3);
    const std::size_t rank = example["rank"];
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(example["recommended"][i]["hit"] == (rank == i + 1));
      if (rank == i + 1) CHECK(example["recommended"][i]["id"] == example["next"]["id"]);
    }
  }
  // The last event of the first session taken is pan; before it came an unknown item.
  CHECK(examples[0]["next"]["id"] == "pan-1");
  CHECK(examples[0]["history"][3]["unknown"] == true);
  CHECK(examples[0]["history"][1]["title"] == "<img src=x onerror=y>");
  CHECK(examples[0]["history"][0]["category"] == "<b>/" + kHostile);
}

}  // namespace vitrine::report
