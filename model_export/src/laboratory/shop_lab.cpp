#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/unit_outcomes.h"
#include "base/parallel.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_writer.h"
#include "laboratory/lab.h"
#include "replay/replay.h"
#include "simulate/shop.h"
#include "simulate/simulation.h"

namespace vitrine::laboratory {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t kProducts = 120;
constexpr int kDays = 21;

/// One experiment with an effect that is not the same for all, one without any, and a list whose
/// order is left to chance.
const json kPlan = {{"experiments",
                     {{{"key", "effect"},
                       {"variations", {"control", "b"}},
                       {"hashVersion", 2},
                       {"ramp", {{{"from", "2026-03-08"}, {"coverage", 1}}}}},
                      {{"key", "none"}, {"variations", {"control", "b"}}, {"hashVersion", 2}}}},
                    {"effects",
                     {{{"experiment", "effect"},
                       {"variation", "b"},
                       {"conversion", 0.3},
                       {"basket", 0.1},
                       {"clicks", 0.25}},
                      {{"experiment", "effect"},
                       {"variation", "b"},
                       {"condition", {{"device", "mobile"}}},
                       {"conversion", -0.2}}}},
                    {"list", {{"items", 6}, {"exploration", 1}}},
                    {"reach", 0.8}};

json analysis_of(const std::string& experiment) {
  return {{"experiment", experiment},
          {"variations", {"control", "b"}},
          {"cuped_days", experiment == "effect" ? 7 : 0},
          {"metrics",
           {{{"name", "conversion"}, {"event", "purchase"}},
            {{"name", "revenue"}, {"type", "sum"}, {"event", "purchase"}, {"value", "revenue"}},
            {{"name", "clicks"}, {"type", "sum"}, {"event", "select_item"}}}}};
}

/// A folder that goes away.
class Scratch {
 public:
  explicit Scratch(std::size_t number)
      : path_(fs::temp_directory_path() /
              ("vitrine-lab-" + std::to_string(::getpid()) + "-" + std::to_string(number))) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string operator/(const char* name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

/// A bundle that goes by what is alike in taste: it knows nothing of the log.
bundle::BundleFile bundle_of(std::uint64_t seed) {
  const simulate::Shop shop(seed, kProducts, kDays);
  bundle::BundleContents contents;
  for (std::size_t item = 0; item < shop.products().size(); ++item) {
    contents.ids.push_back(shop.products()[item].id);
    contents.popularity.push_back(1.0);
    std::vector<std::uint32_t> alike = shop.similar(item);
    std::sort(alike.begin(), alike.end());
    for (const std::uint32_t other : alike) {
      const double distance =
          simulate::taste_distance(shop.products()[item].taste, shop.products()[other].taste);
      contents.session_rows.push_back(
          {static_cast<std::uint32_t>(item), other, static_cast<float>(1.0 / (1.0 + distance))});
    }
  }
  contents.settings = {.recommend = {.session_rows = 1.0F, .embeddings = 0.0F, .popularity = 0.01F},
                       .row_decay = 0.8F,
                       .kind_weights = {1.0F, 1.0F, 1.0F, 1.0F, 0.0F, 0.0F}};
  return bundle::BundleFile::open(bundle::write_bundle(contents));
}

/// What one shop showed.
struct ShopResult {
  json truth;   // of simulation.json
  json effect;  // of the analysis
  json none;
  json replay;
};

ShopResult run_shop(const LabOptions& options, std::size_t index) {
  const std::uint64_t seed = options.seed * 1'000'000 + index;
  const Scratch folder(index);
  const simulate::TrialPlan plan = simulate::parse_trial_plan(kPlan);
  const bundle::BundleFile bundle = bundle_of(seed);
  simulate::simulate({.shoppers = options.shoppers,
                      .products = kProducts,
                      .days = kDays,
                      .seed = seed,
                      .out = folder.path(),
                      .trial = &plan,
                      .judged = &bundle.bundle()});
  ShopResult result;
  result.truth = json::parse(std::ifstream(folder / "simulation.json"));
  data::Database database({.threads = 1});
  data::ReadOptions read;
  read.files = {folder / "events.csv", folder / "exposures.jsonl"};
  const auto analyzed = [&](const char* experiment) {
    const analysis::AnalysisConfig config =
        analysis::parse_analysis_config(analysis_of(experiment));
    const analysis::ExperimentLog log = analysis::read_experiment_log(database, read, config, {});
    return analysis::analyze(analysis::UnitOutcomes(database, config, log), config, log);
  };
  result.effect = analyzed("effect");
  result.none = analyzed("none");
  (void)data::read_unit_rows(database, read, replay::list_columns(), "replay_rows");
  result.replay = to_json(
      replay::replay(database, "replay_rows", bundle.bundle(),
                     {.reward = "select_item", .list = ListRequest::of(ListMode::kRerank)}));
  return result;
}

bool holds(const json& interval, double truth) {
  return interval.is_array() && interval[0] <= truth && truth <= interval[1];
}

json summary(const std::vector<ShopResult>& shops) {
  const auto n = static_cast<double>(shops.size());
  json coverage = json::object();
  json positives = json::object();
  json lifts = json::object();
  json values = json::object();
  double alarms = 0.0;
  double found = 0.0;
  double harmed = 0.0;
  const auto count = [n](json& to, const std::string& key, double value) {
    to[key] = to.value(key, 0.0) + value / n;
  };
  for (const ShopResult& shop : shops) {
    const json& truth = shop.truth["experiments"][0]["truth"][0]["variations"][1]["lifts"];
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string name = shop.effect["metrics"][i]["name"];
      const json& one = shop.effect["metrics"][i]["comparisons"][0];
      count(coverage, name, one.contains("lift") && holds(one["interval"], truth[name]) ? 1 : 0);
      count(lifts, name, truth[name]);
      const json& same = shop.none["metrics"][i]["comparisons"][0];
      count(positives, name, same.contains("p") && same["p"] < 0.05 ? 1 : 0);
    }
    alarms += shop.effect["sample_ratio"]["mismatch"].get<bool>() ? 1 / n : 0;
    found += shop.effect["verdicts"][0]["verdict"] == "better" ? 1 / n : 0;
    harmed += shop.none["verdicts"][0]["verdict"] != "no difference found" ? 1 / n : 0;
    const double value = shop.truth["lists"]["value_of_bundle"];
    count(values, "true", value);
    count(values, "logged", shop.truth["lists"]["value"]);
    for (const char* kind : {"ips", "snips", "doubly_robust"}) {
      const bool known = shop.replay.contains(kind);
      count(values, kind, known && holds(shop.replay[kind]["interval"], value) ? 1 : 0);
      count(values, std::string(kind) + "_bias",
            known ? shop.replay[kind]["value"].get<double>() - value : 0.0);
    }
  }
  return {{"lift", lifts},
          {"coverage", coverage},
          {"false_positives", positives},
          {"verdicts_better", found},
          {"verdicts_without_effect", harmed},
          {"sample_ratio_alarms", alarms},
          {"replay", values}};
}

}  // namespace

json run_shop_lab(const LabOptions& options) {
  std::vector<ShopResult> shops(options.shops);
  std::vector<std::exception_ptr> errors(options.shops);
  base::parallel_for(shops.size(), 1, options.threads, [&](std::size_t begin, std::size_t) {
    try {
      shops[begin] = run_shop(options, begin);
    } catch (...) {
      errors[begin] = std::current_exception();
    }
  });
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  json result = shops.empty() ? json::object() : summary(shops);
  result["shops"] = options.shops;
  result["shoppers"] = options.shoppers;
  return result;
}

}  // namespace vitrine::laboratory
