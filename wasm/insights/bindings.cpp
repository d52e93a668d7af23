// The binding of `vitrine/insights`, by embind: rich values and rare calls. Lists of numbers travel
// through typed views of memory, which hold until the next call; js/src/insights/ copies them.
#include <emscripten/bind.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "insights/arm_comparison.h"
#include "insights/assignment_report.h"
#include "insights/bundle_inspector.h"
#include "insights/session_evaluation.h"
#include "vitrine/bandits/bandit.h"
#include "vitrine/stats/bayes.h"
#include "vitrine/stats/frequentist.h"
#include "vitrine/stats/multiple.h"
#include "vitrine/stats/power.h"
#include "vitrine/stats/sample_ratio.h"

namespace vitrine::insights {
namespace {

using emscripten::function;
using emscripten::typed_memory_view;
using emscripten::val;
using emscripten::value_object;

EMSCRIPTEN_DECLARE_VAL_TYPE(Bytes)
EMSCRIPTEN_DECLARE_VAL_TYPE(Words)
EMSCRIPTEN_DECLARE_VAL_TYPE(Doubles)

/// A status as a number, which is stable, and as a sentence.
struct Opened {
  std::uint32_t status = 0;
  std::string message;
};

Opened opened(Status status) {
  return {static_cast<std::uint32_t>(status),
          status == Status::kOk ? "" : std::string(message(status))};
}

template <typename View, typename T>
View view_of(T* data, std::size_t size) {
  return View(val(typed_memory_view(size, data)));
}

/// Memory that JavaScript fills before a call that takes lists of numbers, and reads after one that
/// returns some.
std::vector<double>& doubles() {
  static std::vector<double> all;
  return all;
}
std::vector<std::uint32_t>& words() {
  static std::vector<std::uint32_t> all;
  return all;
}

/// Room for `count` numbers.
Doubles reserve_doubles(std::uint32_t count) {
  doubles().resize(count);
  return view_of<Doubles>(doubles().data(), count);
}
Words reserve_words(std::uint32_t count) {
  words().resize(count);
  return view_of<Words>(words().data(), count);
}
Doubles give(std::vector<double> numbers) {
  doubles() = std::move(numbers);
  return view_of<Doubles>(doubles().data(), doubles().size());
}

/// The first half of the reserved doubles are the units that came, the second half their weights.
stats::SampleRatio sample_ratio() {
  const std::span<const double> all = doubles();
  return stats::sample_ratio(all.first(all.size() / 2), all.subspan(all.size() / 2));
}

/// Of the reserved doubles, two shapes of a Beta distribution each.
Doubles chances_to_be_best() {
  std::vector<bandits::BanditCounts> shapes;
  for (std::size_t i = 0; i + 1 < doubles().size(); i += 2) {
    shapes.push_back({doubles()[i], doubles()[i + 1]});
  }
  return give(bandits::chances_to_be_best(shapes));
}

/// An inspector in JavaScript: its address. js/src/insights/ has the class around it; one of
/// embind's would take 2 KB after brotli.
using Inspector = std::uintptr_t;

BundleInspector& of(Inspector inspector) { return *reinterpret_cast<BundleInspector*>(inspector); }

Inspector create_inspector() { return reinterpret_cast<Inspector>(new BundleInspector); }
void delete_inspector(Inspector inspector) { delete &of(inspector); }

Bytes reserve_bundle(Inspector inspector, std::uint32_t size) {
  const std::span<std::uint8_t> bytes = of(inspector).reserve(size);
  return view_of<Bytes>(bytes.data(), bytes.size());
}
/// Items of the session row of `item`, heaviest first, each with its weight behind it.
Doubles session_row(Inspector inspector, std::uint32_t item) {
  std::vector<double> numbers;
  for (const RowEntry& entry : of(inspector).row(item)) {
    numbers.insert(numbers.end(), {static_cast<double>(entry.item), entry.weight});
  }
  return give(std::move(numbers));
}
/// The best-known items, at most `count`.
Words most_popular(Inspector inspector, std::uint32_t count) {
  words() = of(inspector).bundle().popularity().best(count);
  words().resize(std::min<std::size_t>(words().size(), count));
  return view_of<Words>(words().data(), words().size());
}
/// The reserved words are the ends of `sessions` sessions, then their items.
SessionEvaluation evaluate(Inspector inspector, std::uint32_t sessions, std::uint32_t k) {
  const std::span<const std::uint32_t> all = words();
  return evaluate_sessions(of(inspector).bundle(), all.first(sessions), all.subspan(sessions), k);
}

}  // namespace

EMSCRIPTEN_BINDINGS(insights) {
  emscripten::register_type<Bytes>("Uint8Array");
  emscripten::register_type<Words>("Uint32Array");
  emscripten::register_type<Doubles>("Float64Array");
  emscripten::register_optional<double>();
  emscripten::register_optional<std::uint32_t>();

  function("reserveDoubles", &reserve_doubles);
  function("reserveWords", &reserve_words);

  value_object<Opened>("Opened")
      .field("status", &Opened::status)
      .field("message", &Opened::message);
  value_object<BundleFacts>("BundleFacts")
      .field("hash", &BundleFacts::hash)
      .field("version", &BundleFacts::version)
      .field("bytes", &BundleFacts::bytes)
      .field("items", &BundleFacts::items)
      .field("categories", &BundleFacts::categories)
      .field("brands", &BundleFacts::brands)
      .field("markets", &BundleFacts::markets)
      .field("dimensions", &BundleFacts::dimensions)
      .field("sessionEntries", &BundleFacts::session_entries)
      .field("sampledSessions", &BundleFacts::sampled_sessions)
      .field("sections", &BundleFacts::sections);
  value_object<SectionFacts>("SectionFacts")
      .field("name", &SectionFacts::name)
      .field("offset", &SectionFacts::offset)
      .field("size", &SectionFacts::size);
  value_object<ItemFacts>("ItemFacts")
      .field("id", &ItemFacts::id)
      .field("category", &ItemFacts::category)
      .field("brand", &ItemFacts::brand)
      .field("price", &ItemFacts::price)
      .field("available", &ItemFacts::available)
      .field("popularity", &ItemFacts::popularity);
  value_object<stats::Interval>("Interval")
      .field("low", &stats::Interval::low)
      .field("high", &stats::Interval::high);
  value_object<MeanOfPredictions>("MeanOfPredictions")
      .field("mean", &MeanOfPredictions::mean)
      .field("interval", &MeanOfPredictions::interval);
  value_object<SessionEvaluation>("SessionEvaluation")
      .field("predictions", &SessionEvaluation::predictions)
      .field("unknownTargets", &SessionEvaluation::unknown_targets)
      .field("hitRate", &SessionEvaluation::hit_rate)
      .field("mrr", &SessionEvaluation::mrr)
      .field("ndcg", &SessionEvaluation::ndcg)
      .field("coverage", &SessionEvaluation::coverage);
  function("createInspector", &create_inspector);
  function("deleteInspector", &delete_inspector);
  function("reserveBundle", &reserve_bundle);
  function("openBundle", +[](Inspector i) { return opened(of(i).open()); });
  function("verifyBundle", +[](Inspector i) { return opened(of(i).verify()); });
  function("info", +[](Inspector i) { return of(i).info(); });
  function("section", +[](Inspector i, std::uint32_t index) { return of(i).section(index); });
  function("findItem", +[](Inspector i, const std::string& id) { return of(i).find(id); });
  function("describeItem", +[](Inspector i, std::uint32_t item) { return of(i).describe(item); });
  function("sessionRow", &session_row);
  function("mostPopular", &most_popular);
  function("settings", +[](Inspector i) { return of(i).settings(); });
  function("metadata", +[](Inspector i) { return std::string(of(i).bundle().metadata()); });
  function("experiments", +[](Inspector i) { return std::string(of(i).bundle().experiments()); });
  function("evaluate", &evaluate);

  function("explainAssignment", &explain_assignment);

  value_object<stats::Sample>("Sample")
      .field("n", &stats::Sample::n)
      .field("mean", &stats::Sample::mean)
      .field("variance", &stats::Sample::variance);
  value_object<ComparisonOptions>("ComparisonOptions")
      .field("relative", &ComparisonOptions::relative)
      .field("alpha", &ComparisonOptions::alpha)
      .field("tuning", &ComparisonOptions::tuning)
      .field("priorMean", &ComparisonOptions::prior_mean)
      .field("priorSd", &ComparisonOptions::prior_sd);
  value_object<ArmComparison>("ArmComparison")
      .field("problem", &ArmComparison::problem)
      .field("estimate", &ArmComparison::estimate)
      .field("standardError", &ArmComparison::standard_error)
      .field("df", &ArmComparison::df)
      .field("t", &ArmComparison::t)
      .field("p", &ArmComparison::p)
      .field("interval", &ArmComparison::interval)
      .field("settled", &ArmComparison::settled)
      .field("alwaysP", &ArmComparison::always_p)
      .field("alwaysInterval", &ArmComparison::always_interval)
      .field("posteriorMean", &ArmComparison::posterior_mean)
      .field("posteriorSd", &ArmComparison::posterior_sd)
      .field("posteriorInterval", &ArmComparison::posterior_interval)
      .field("chanceToWin", &ArmComparison::chance_to_win)
      .field("lossOfControl", &ArmComparison::loss_of_control)
      .field("lossOfTreatment", &ArmComparison::loss_of_treatment);
  function("compareArms", &compare_arms);

  value_object<stats::BetaBinomial>("BetaBinomial")
      .field("chanceToWin", &stats::BetaBinomial::chance_to_win)
      .field("lossOfControl", &stats::BetaBinomial::loss_of_control)
      .field("lossOfTreatment", &stats::BetaBinomial::loss_of_treatment);
  function("betaBinomial", &stats::beta_binomial);
  function("chancesToBeBest", &chances_to_be_best);

  value_object<stats::PlanInput>("PlanInput")
      .field("mean", &stats::PlanInput::mean)
      .field("variance", &stats::PlanInput::variance)
      .field("alpha", &stats::PlanInput::alpha)
      .field("power", &stats::PlanInput::power)
      .field("tuning", &stats::PlanInput::tuning);
  function("power", &stats::power);
  function("unitsPerArm", &stats::units_per_arm);
  function("smallestLift", &stats::smallest_lift);

  value_object<stats::SampleRatio>("SampleRatio")
      .field("chiSquared", &stats::SampleRatio::chi_squared)
      .field("p", &stats::SampleRatio::p);
  function("sampleRatio", &sample_ratio);
  function("holm", +[] { return give(stats::holm(doubles())); });
  function("benjaminiHochberg", +[] { return give(stats::benjamini_hochberg(doubles())); });
}

}  // namespace vitrine::insights
