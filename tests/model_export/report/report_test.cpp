#include "report/report.h"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "bundle/bundle_file.h"
#include "core/shop.h"
#include "model_export/log_fixture.h"
#include "model_export/markup_fixture.h"
#include "recommend/evaluation/evaluation.h"
#include "report/examples.h"

namespace vitrine::report {

namespace {

const std::string kHostile = "</td><script>alert(\"1\")</script>&'";

/// All that a page may show, by names that no page should trust.
Report whole_report() {
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
  Report report{.kind = Report::Kind::kBacktest,
                .source = data::LogSummary{.files = {kHostile, "b.csv"},
                                           .events = 40,
                                           .sessions = 8,
                                           .sessions_from = kHostile,
                                           .first_time = 1600000,
                                           .last_time = 1700000},
                .split = SplitWords{kHostile, kHostile},
                .judgement = {},
                .sizes = {},
                .training = {},
                .examples = make_examples(logged, titles, bundle, options)};
  recommend::Evaluation model = recommend::evaluate(bundle.bundle(), sessions, options);
  recommend::Evaluation baseline = model;
  baseline.first_visit.reset();
  // Names of segments are ours; a page must not rely on that.
  model.segmentations.front().segments.front().name = kHostile;
  report.judgement = {.rules = {.k = 3},
                      .sessions = 8,
                      .events = 40,
                      .model = model,
                      .popularity = baseline,
                      .item_knn = baseline};
  report.sizes = {{.budget = 100, .needs = 700, .accuracy = {}},
                  {.budget = 900,
                   .size = 800,
                   .session_entries = 8,
                   .embedding_dims = 3,
                   .accuracy = model.next_item()}};
  report.training = {
      .source = {},
      .items = 8,
      .brotli_bytes = 800,
      .card = recommend::ModelCard{.use = kHostile,
                                   .limits = {kHostile},
                                   .held_out = {},
                                   .trained_from = kHostile,
                                   .trained_to = kHostile},
      .settings = {{kHostile, {{"a", "1.5"}, {kHostile, "[1, 2, 3]"}}}},
      .first_visit_reasons = {kHostile},
      .choice = recommend::SettingsChoice{
          .reason = {},
          .rule = kHostile,
          .reasons = {kHostile},
          .tried = {{kHostile, 0.5, {.hit_rate = 0.25}}, {"b", 1.0, {.hit_rate = 0.5}}}}};
  return report;
}

}  // namespace

TEST_CASE("a page is well-formed and loads nothing, however hostile the names in it") {
  const std::string html = render_report(whole_report());
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

TEST_CASE("a page has a section for each part of the report, and no others") {
  const std::string whole = render_report(whole_report());
  for (const char* heading : {"Data", "Split and rules", "What is shown", "Model against baselines",
                              "Quality by segment", "First visit", "Size against quality",
                              "Examples", "The bundle", "Settings", "How settings were chosen"}) {
    INFO(heading);
    CHECK(whole.find(fmt::format("<h2>{}</h2>", heading)) != std::string::npos);
  }
  const std::string none = render_report({.kind = Report::Kind::kTraining,
                                          .source = {},
                                          .split = {},
                                          .judgement = {},
                                          .sizes = {},
                                          .training = {},
                                          .examples = {}});
  CHECK(flaw_of(none.substr(none.find("</style>") + 8)).starts_with("closed but not open"));
  CHECK(none.find("<h2>") == std::string::npos);
}

TEST_CASE("a page says why no settings were chosen") {
  Report report = whole_report();
  report.training.choice = recommend::SettingsChoice{.reason = "too few events"};
  const std::string html = render_report(report);
  CHECK(html.find("too few events") != std::string::npos);
  CHECK(html.find("cut short") == std::string::npos);
}

TEST_CASE("examples tell what was seen, what was recommended and whether it came") {
  const std::vector<Example> examples = whole_report().examples;
  REQUIRE(examples.size() == 6);
  for (const Example& example : examples) {
    CHECK(example.history.size() == 4);
    REQUIRE(example.recommended.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(example.recommended[i].hit == (example.rank == i + 1));
      if (example.rank == i + 1) CHECK(example.recommended[i].item.id == example.next.item.id);
    }
  }
  // The last event of the first session taken is pan; before it came an unknown item.
  CHECK(examples[0].next.item.id == "pan-1");
  CHECK(!examples[0].history[3].item.known);
  CHECK(examples[0].history[1].item.title == "<img src=x onerror=y>");
  CHECK(examples[0].history[0].item.category == "<b>/" + kHostile);
}

}  // namespace vitrine::report
