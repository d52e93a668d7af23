#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/experiment_query.h"
#include "analysis/unit_outcomes.h"
#include "base/parallel.h"
#include "base/temporary_folder.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_writer.h"
#include "laboratory/lab.h"
#include "replay/replay.h"
#include "simulate/shop.h"
#include "simulate/simulation.h"
#include "statistics/unit_log.h"

namespace vitrine::laboratory {
namespace {

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

/// A metric of the analysis, and what the simulation calls it.
struct LabMetric {
  analysis::MetricDefinition definition;
  simulate::TrialMetric truth;
};
const std::array<LabMetric, 3> kMetrics = {
    {{{.name = "conversion", .numerator = {.event = "purchase", .value = ""}},
      simulate::TrialMetric::kConversion},
     {{.name = "revenue",
       .kind = analysis::MetricKind::kSum,
       .numerator = {.event = "purchase", .value = "revenue"}},
      simulate::TrialMetric::kRevenue},
     {{.name = "clicks",
       .kind = analysis::MetricKind::kSum,
       .numerator = {.event = "select_item", .value = ""}},
      simulate::TrialMetric::kClicks}}};

analysis::AnalysisConfig analysis_of(const std::string& experiment) {
  analysis::AnalysisConfig config{.experiment = experiment,
                                  .variations = {"control", "b"},
                                  .weights = {0.5, 0.5},
                                  .cuped_days = experiment == "effect" ? 7.0 : 0.0};
  for (const LabMetric& metric : kMetrics) config.metrics.push_back(metric.definition);
  return config;
}

/// Makes a bundle that ranks by similar taste. It does not use the log.
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

/// The results of one shop.
struct ShopResult {
  simulate::TrialTruth truth;
  analysis::AnalysisResult effect;
  analysis::AnalysisResult none;
  replay::Replay replay;
};

ShopResult run_shop(const LabOptions& options, std::size_t index) {
  const std::uint64_t seed = options.seed * 1'000'000 + index;
  const base::TemporaryFolder folder;
  const simulate::TrialPlan plan = simulate::parse_trial_plan(kPlan);
  const bundle::BundleFile bundle = bundle_of(seed);
  ShopResult result;
  const simulate::SimulationCounts counts = simulate::simulate({.shoppers = options.shoppers,
                                                                .products = kProducts,
                                                                .days = kDays,
                                                                .seed = seed,
                                                                .out = folder.path(),
                                                                .trial = &plan,
                                                                .judged = &bundle.bundle()});
  result.truth = *counts.trial;
  const statistics::LogLimits limits{.threads = 1};
  data::ReadOptions read;
  read.files = {folder.path() + "/events.csv", folder.path() + "/exposures.jsonl"};
  const auto analyzed = [&](const char* experiment) {
    const analysis::AnalysisConfig config = analysis_of(experiment);
    const statistics::ExperimentData data =
        statistics::read_experiment_log(limits, read, analysis::experiment_query(config));
    return analysis::analyze(analysis::UnitOutcomes(config, data), config, data.log);
  };
  result.effect = analyzed("effect");
  result.none = analyzed("none");
  statistics::UnitLog lists(limits);
  (void)lists.read(read, statistics::UnitLog::Columns::kLists);
  result.replay =
      replay::replay(lists.units_with_lists(), bundle.bundle(),
                     {.reward = "select_item", .list = ListRequest::of(ListMode::kRerank)});
  return result;
}

bool holds(const stats::Interval& interval, double truth) {
  return interval.low <= truth && truth <= interval.high;
}

/// Adds one shop of `n`. `known`: whether the replay could tell.
void add(const stats::PolicyValue& value, double truth, bool known, double n,
         ShopLab::Estimator& estimator) {
  if (!known) return;
  estimator.coverage += holds(value.interval, truth) ? 1.0 / n : 0.0;
  estimator.bias += (value.value - truth) / n;
}

void add(const ShopResult& shop, double n, ShopLab& lab) {
  using stats::ComparisonProblem;
  const simulate::VariationTruth& truth =
      shop.truth.experiments.front().segments.front().variations[1];
  for (std::size_t i = 0; i < kMetrics.size(); ++i) {
    const std::string& name = kMetrics[i].definition.name;
    const double lift = truth.lift(kMetrics[i].truth).value_or(0.0);
    const analysis::Comparison& one = shop.effect.metrics[i].comparisons.front().comparison;
    const analysis::Comparison& same = shop.none.metrics[i].comparisons.front().comparison;
    const bool covered = one.problem == ComparisonProblem::kNone && holds(one.test.interval, lift);
    const bool positive = same.problem == ComparisonProblem::kNone && same.test.p < 0.05;
    lab.coverage[name] += covered ? 1.0 / n : 0.0;
    lab.lift[name] += lift / n;
    lab.false_positives[name] += positive ? 1.0 / n : 0.0;
  }
  using analysis::VerdictKind;
  const auto share = [n](bool counts) { return counts ? 1.0 / n : 0.0; };
  lab.sample_ratio_alarms += share(shop.effect.sample_ratio.is_mismatch());
  lab.verdicts_better += share(shop.effect.verdicts.front().kind == VerdictKind::kBetter);
  lab.verdicts_without_effect +=
      share(shop.none.verdicts.front().kind != VerdictKind::kNoDifference);

  const simulate::ListTruth& lists = *shop.truth.lists;
  const stats::OffPolicyEstimate& estimate = shop.replay.estimate;
  const bool known = stats::support_problem(estimate) == stats::SupportProblem::kNone;
  const double value = *lists.value_of_bundle;
  lab.replay.truth += value / n;
  lab.replay.logged += lists.value / n;
  add(estimate.ips, value, known, n, lab.replay.ips);
  add(estimate.snips, value, known, n, lab.replay.snips);
  add(estimate.doubly_robust, value, known, n, lab.replay.doubly_robust);
}

}  // namespace

ShopLab run_shop_lab(const LabOptions& options) {
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
  ShopLab lab{.shops = options.shops, .shoppers = options.shoppers};
  for (const ShopResult& shop : shops) add(shop, static_cast<double>(shops.size()), lab);
  return lab;
}

}  // namespace vitrine::laboratory
