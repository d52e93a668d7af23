#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <filesystem>
#include <functional>
#include <set>

#include "analysis/analysis_config.h"
#include "assignment/check_experiments.h"
#include "base/json.h"
#include "base/markup.h"
#include "base/output_file.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_writer.h"
#include "bundle/file_builder.h"
#include "commands/list_options.h"
#include "model_export/command_fixture.h"
#include "recommend/training/options.h"
#include "recommend/training/training_record.h"
#include "release/manifest.h"
#include "simulate/trial_plan.h"

namespace vitrine::commands {
namespace {

using nlohmann::json;

/// Words that only a library says.
constexpr const char* kLibraryTexts[] = {"json.exception",
                                         "filesystem error",
                                         "Resource temporarily",
                                         "basic_string",
                                         "std::",
                                         "terminate called",
                                         "stoi",
                                         "bad_",
                                         "vector::",
                                         "please report"};

bool is_our_own(const std::string& text) {
  return std::none_of(std::begin(kLibraryTexts), std::end(kLibraryTexts),
                      [&](const char* words) { return text.find(words) != std::string::npos; });
}

/// Values of every type and of sizes that overflow something.
const std::vector<json> kValues = {nullptr,
                                   true,
                                   -1,
                                   0,
                                   1,
                                   1e308,
                                   -1e308,
                                   UINT64_MAX,
                                   INT64_MIN,
                                   0.5,
                                   "",
                                   "x",
                                   "\x1b]0;title\x07",
                                   std::string(5000, 'y'),
                                   json::array(),
                                   json::array({1, "a", nullptr}),
                                   json::object(),
                                   {{"a", {{"b", json::array({json::object()})}}}}};

/// Calls take(changed) for each place of `value`, with each of kValues in it.
void each_change(const json& value, const std::function<void(const json&)>& take) {
  const json flat = value.flatten();
  std::set<std::string> places;
  for (const auto& [path, leaf] : flat.items()) {
    for (std::string place = path; !place.empty(); place.resize(place.rfind('/'))) {
      places.insert(place);
    }
  }
  for (const std::string& place : places) {
    for (const json& other : kValues) {
      json changed = value;
      changed[json::json_pointer(place)] = other;
      take(changed);
    }
  }
  for (const json& other : kValues) take(other);
}

const json kExperiment = {{"key", "blend"},
                          {"variations", {"a", "b"}},
                          {"hashVersion", 2},
                          {"condition", {{"page", {{"$regex", "^/shoes"}, {"$in", {"a", 1}}}}}},
                          {"parentConditions", {{{"id", "f"}, {"condition", {{"value", true}}}}}},
                          {"ramp", {{{"from", "2026-03-08"}, {"coverage", 1}}}},
                          {"namespace", {"n", 0, 0.5}},
                          {"meta", {{{"key", "x"}}, {{"name", "y"}}}},
                          {"bandit", {{"method", "thompson"}, {"priors", {{1, 1}, {1, 1}}}}}};

bundle::BundleContents two_items() {
  bundle::BundleContents contents;
  contents.ids = {"a\x1b[31m", "b"};
  contents.popularity = {1.0, 0.5};
  contents.settings.recommend.popularity = 1.0F;
  return contents;
}

/// A valid bundle with `text` as metadata and as experiments.
std::vector<std::byte> with_texts(std::span<const std::byte> bundle, std::string_view text) {
  bundle::FileBuilder<layout::Header> file;
  std::memcpy(&file.header, bundle.data(), sizeof file.header);
  const std::uint32_t count = file.header.section_count;
  for (std::uint32_t i = 0; i < count; ++i) {
    layout::Section section;
    std::memcpy(&section, bundle.data() + sizeof file.header + i * sizeof section, sizeof section);
    if (section.kind == layout::SectionKind::kMetadata) continue;
    const auto bytes = bundle.subspan(section.offset, section.size);
    file.add(section.kind, {bytes.begin(), bytes.end()});
  }
  for (const layout::SectionKind kind :
       {layout::SectionKind::kMetadata, layout::SectionKind::kExperiments}) {
    bundle::Bytes bytes;
    bundle::append(bytes, text);
    file.add(kind, std::move(bytes));
  }
  return file.finish(layout::kMagic, layout::kVersion);
}

std::string nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += R"({"a":[)";
  text += "1";
  for (int i = 0; i < depth; ++i) text += "]}";
  return text;
}

}  // namespace

TEST_CASE("whatever JSON comes in, it is read or refused in words of our own") {
  const bundle::BundleFile bundle = bundle::BundleFile::open(bundle::write_bundle(two_items()));
  json config = json(recommend::TrainOptions());
  config["experiments"] = json::array({kExperiment});
  const json plan = {{"experiments", {{{"key", "e"}, {"variations", {"a", "b"}}}}},
                     {"effects", {{{"experiment", "e"}, {"variation", "b"}, {"clicks", 0.2}}}},
                     {"list", {{"items", 6}, {"exploration", 1}}},
                     {"reach", 0.8}};
  const json analysis = {{"experiment", "e"},
                         {"variations", {"a", "b"}},
                         {"metrics", {{{"name", "m"}, {"event", "purchase"}}}}};
  const json options = {{"rules", {{{"items", {"a"}}, {"boost", 2}, {"name", "n"}}}},
                        {"diversity", {{"lambda", 0.5}, {"perCategory", 2}}},
                        {"explore", {{"power", 2}, {"seed", 7}}},
                        {"context", {{"country", "DE"}}},
                        {"filter", {{"category", {"x"}}, {"minPrice", 2}}},
                        {"exclude", {"a"}}};
  const json manifest = {{"format", 1}, {"bundle", {{"url", "a"}, {"sha256", "b"}}}};
  const json metadata = {
      {"source", {{"files", {"a"}}, {"events", 1}, {"first_time", 1}, {"last_time", 2}}},
      {"card", {{"use", "u"}, {"limits", {"l"}}, {"held_out", {{"rule", "r"}, {"mrr", 0.5}}}}},
      {"choice", {{"rule", "r"}, {"start", {{"mrr", 1}}}, {"tried", {{{"setting", "s"}}}}}},
      {"settings", {{"ranking", {{"tune", true}}}}},
      {"counts", {{"items", 1}}},
      {"first_visit", {{"reasons", {"r"}}}}};
  int inputs = 0;
  const auto check = [&](const json& whole, const std::function<void(const json&)>& read) {
    each_change(whole, [&](const json& changed) {
      ++inputs;
      try {
        read(changed);
      } catch (const base::Error& error) {
        if (!is_our_own(error.what())) FAIL_CHECK(error.what() << " of " << changed.dump());
      } catch (const std::exception& error) {
        FAIL_CHECK(error.what() << " of " << changed.dump());
      }
    });
  };
  check(config, [](const json& one) {
    recommend::TrainOptions read;
    recommend::apply_config(one, read);
  });
  check(plan, [](const json& one) { static_cast<void>(simulate::parse_trial_plan(one)); });
  check(analysis, [](const json& one) { static_cast<void>(analysis::parse_analysis_config(one)); });
  check(options, [&](const json& one) {
    static_cast<void>(ListOptions(one, bundle.bundle()).request(ListMode::kRerank));
  });
  check(manifest, [](const json& one) { static_cast<void>(release::signed_text(one)); });
  check(metadata, [](const json& one) { static_cast<void>(recommend::read_record(one.dump())); });
  CHECK(inputs > 1434);
}

TEST_CASE("JSON that is nested too deep, or none, is refused with the line and column") {
  CHECK(base::parse_json(nested(32), "x.json", base::ExitCode::kUsage).is_object());
  CHECK_FALSE(base::try_json(nested(33)));
  CHECK(base::try_json(
      R"(["[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""])"));
  const auto message = [](const std::string& text) -> std::string {
    try {
      static_cast<void>(base::parse_json(text, "x.json", base::ExitCode::kUsage));
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(message("{\n\"a\":\n  " + nested(40) + "}") ==
        "x.json, line 3, column 194: JSON is nested more than 64 deep here.");
  CHECK(message("{\n\"a\": nil}") == "x.json, line 2, column 7: this is not JSON.");
  CHECK(message("") == "x.json, line 1, column 1: this is not JSON.");
  CHECK(message("[1e999]").find("too large") != std::string::npos);
  CHECK(message("[\"\xff\"]").find("line 1") != std::string::npos);
}

TEST_CASE("commands neither crash nor speak in words of a library, whatever JSON they read") {
  const Folder folder;
  const std::string log = folder.write("log.csv", small_csv());
  const std::string good = folder / "good.vitrine";
  REQUIRE(vitrine({"train", "--events", log, "--no-tune", "--threads", "1", "--out", good}).code ==
          0);
  std::vector<std::string> texts = {nested(100'000),
                                    std::string(300'000, '['),
                                    nested(33),
                                    "",
                                    "nil",
                                    "[1e999]",
                                    "\"\xff\xfe\"",
                                    "{\"a\":",
                                    "[]",
                                    "5",
                                    "\xef\xbb\xbf{}",
                                    std::string("\0", 1),
                                    R"({"experiments": {"a": 1}})"};
  json deep = {{"experiments", json::array({kExperiment})}};
  std::string condition = deep.dump();
  condition.replace(condition.find("{\"page\""), 0, nested(200'000) + ",");
  texts.push_back(condition);
  for (const std::string& text : texts) {
    const std::string file = folder.write("x.json", text);
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {"train", "--events", log, "--out", folder / "x", "--no-tune", "--config", file},
             {"overlay", "--base", good, "--items", log, "--out", folder / "x", "--experiments",
              file},
             {"simulate", "--out", folder / "s", "--shoppers", "2", "--days", "1", "--experiments",
              file},
             {"experiment", "analyze", "--events", log, "--config", file},
             {"experiment", "priors", "--events", log, "--config", file},
             {"recommend", "--bundle", good, "--history", "a", "--options", file},
             {"sign", file, "--key", file}}) {
      const Ran ran = vitrine(command);
      INFO(fmt::format("{} with {:.40}: {:.300}", fmt::join(command, " "), text, ran.err));
      CHECK(ran.code < 128);
      CHECK(is_our_own(ran.err));
    }
  }
}

TEST_CASE("commands do without the metadata and experiments that they cannot read") {
  const Folder folder;
  const std::string log = folder.write("log.csv", small_csv());
  const std::vector<std::byte> plain = bundle::write_bundle(two_items());
  const json wrong = {{"source", 5},
                      {"card", {{"limits", 7}, {"use", {{"x", 1}}}}},
                      {"settings", "x"},
                      {"bundle", 1}};
  const json controls = {{"card",
                          {{"use", "\x1b]0;owned\x07"},
                           {"limits",
                            {"\xc2\x9b"
                             "31m"}}}}};
  for (const std::string& text :
       {nested(300'000), std::string("5"), std::string("{"), wrong.dump(), controls.dump()}) {
    const std::string path = folder / "x.vitrine";
    base::write_file(path, with_texts(plain, text));
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {"inspect", path},
             {"inspect", "--json", path},
             {"evaluate", "--bundle", path, "--events", log},
             {"evaluate", "--bundle", path, "--events", log, "--json"},
             {"evaluate", "--bundle", path, "--events", log, "--report", folder / "r.html"}}) {
      const Ran ran = vitrine(command);
      INFO(fmt::format("{}: {:.300}", fmt::join(command, " "), ran.err));
      CHECK(ran.code == 0);
      CHECK(is_our_own(ran.err));
      CHECK(ran.out.find('\x1b') == std::string::npos);
      CHECK(ran.out.find("\xc2\x9b") == std::string::npos);
    }
  }
}

TEST_CASE("control characters are shown and not obeyed") {
  CHECK(base::visible("a\x1b[31m\x07\x7f\xc2\x9b\n\xc3\xa4") ==
        "a\\x1b[31m\\x07\\x7f\\x9b\\x0a\xc3\xa4");
  CHECK(base::visible("a\nb\r", true) == "a\nb\\x0d");
  const std::string text = base::json_text(json("\x1b\x7f\xc2\x9b\xff"), -1);
  CHECK(text == "\"\\u001b\\u007f\\u009b\xef\xbf\xbd\"");
}

TEST_CASE("training refuses a pattern that could stop a page, and names its place") {
  for (const char* name : {"$regex", "$notRegex", "$regexi", "$notRegexi"}) {
    json experiment = kExperiment;
    experiment["condition"] = {{"$or", {{{"page", {{"$not", {{name, "^(a+)+$"}}}}}}}}};
    try {
      assignment::check_experiments(json::array({experiment}));
      FAIL_CHECK(name);
    } catch (const base::Error& error) {
      CHECK(std::string(error.what())
                .find(std::string("experiments[0].condition.$or[0].page.$not.") + name) !=
            std::string::npos);
      CHECK(std::string(error.what()).find("two ways") != std::string::npos);
    }
  }
  json in_parent = kExperiment;
  in_parent["parentConditions"][0]["condition"] = {{"value", {{"$regex", "(x*)*y"}}}};
  CHECK_THROWS_AS(assignment::check_experiments(json::array({in_parent})), base::Error);
  CHECK_NOTHROW(assignment::check_experiments(json::array({kExperiment})));
}

}  // namespace vitrine::commands
