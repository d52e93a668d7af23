#include "laboratory/lab.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"
#include "vitrine/assignment/utf16.h"
#include "vitrine/experiment/bucketing.h"
#include "vitrine/stats/bayes.h"
#include "vitrine/stats/effect.h"
#include "vitrine/stats/frequentist.h"
#include "vitrine/stats/power.h"
#include "vitrine/stats/sample_ratio.h"
#include "vitrine/stats/sequential.h"

namespace vitrine::laboratory {
namespace {

using stats::Moments;
using stats::Scale;

constexpr double kAlpha = 0.05;
constexpr double kConversion = 0.05;
constexpr double kPriorSd = 0.15;  // of the lifts that the calibration draws
constexpr int kLooks = 14 * 24;    // one an hour for two weeks
constexpr std::uint32_t kExactTests = 1000;
constexpr double kLost = 0.1;  // share of an arm's units that a broken test loses
constexpr std::array<const char*, 5> kMetrics = {"conversion", "revenue", "views", "views_cuped",
                                                 "clicks_per_list"};

/// The streams of random numbers; each kind of simulation has its own.
enum Stream : std::uint64_t { kSame = 100, kDifferent, kDrawn };

/// The results of one simulated test.
struct TestResult {
  std::array<bool, kMetrics.size()> rejected{};
  std::array<bool, kMetrics.size()> covered{};
  bool always_rejected = false;  // at any look
  bool always_covered = true;    // at all looks
  bool naive_rejected = false;   // Welch's test, at any look
  bool alarm = false;            // of the sample ratio
  bool alarm_when_lossy = false;
  double variance_reduction = 0.0;
  double lift = 0.0;
  stats::Posterior posterior;
  double exact_chance = -1.0;  // of the beta-binomial; below 0: not computed
};

struct Arm {
  Moments conversion;
  Moments revenue;
  Moments views;   // x: before the experiment
  Moments clicks;  // x: lists
  double units = 0.0;
  double kept_units = 0.0;  // of a test that loses units of its second arm
};

/// Simulates a visitor: the activity decides all actions, before the experiment and in it.
void visit(base::Random& random, double factor, Arm& arm) {
  const double u = random.uniform();
  const double activity = 3.0 * u * u;
  const bool bought = random.chance(kConversion * activity * factor);
  const double amount = bought ? base::portable_exp(3.5 + 0.6 * random.normal()) : 0.0;
  const double before = random.poisson(2.0 * activity);
  const double views = random.poisson(2.0 * activity * factor);
  const std::size_t lists = 1 + random.below(5);
  double clicks = 0.0;
  for (std::size_t i = 0; i < lists; ++i) clicks += random.chance(0.1 * activity * factor);
  arm.conversion.add(bought ? 1.0 : 0.0);
  arm.revenue.add(amount);
  arm.views.add(views, before);
  arm.clicks.add(clicks, static_cast<double>(lists));
  arm.units += 1.0;
}

/// Makes an id as shops do: 16 hexadecimal digits.
std::u16string draw_id(base::Random& random) {
  std::u16string id(16, u'0');
  for (char16_t& unit : id) unit = u"0123456789abcdef"[random.below(16)];
  return id;
}

/// Looks once at the conversion while the test runs.
void look(const std::array<Arm, 2>& arms, TestResult& result) {
  const stats::Sample a = arms[0].conversion.y();
  const stats::Sample b = arms[1].conversion.y();
  if (stats::comparison_problem(a, b, Scale::kRelative) != stats::ComparisonProblem::kNone) return;
  const stats::Effect effect = stats::effect_of(a, b, Scale::kRelative);
  result.naive_rejected |= effect.estimate * effect.estimate > 3.8415 * effect.variance;
  if (!stats::is_settled(a, b)) return;
  const stats::AlwaysValid always = stats::confidence_sequence(effect, 5000.0, kAlpha);
  result.always_rejected |= always.p < kAlpha;
  result.always_covered &= std::fabs(effect.estimate - result.lift) <= always.halfwidth;
}

void judge(const std::array<Arm, 2>& arms, TestResult& result) {
  const Arm& a = arms[0];
  const Arm& b = arms[1];
  const stats::Cuped adjusted = stats::cuped(a.views, b.views, Scale::kRelative);
  const std::array<stats::Effect, kMetrics.size()> effects = {
      stats::effect_of(a.conversion.y(), b.conversion.y(), Scale::kRelative),
      stats::effect_of(a.revenue.y(), b.revenue.y(), Scale::kRelative),
      stats::effect_of(a.views.y(), b.views.y(), Scale::kRelative), adjusted.effect,
      stats::effect_of(stats::ratio(a.clicks), stats::ratio(b.clicks), Scale::kRelative)};
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const stats::TTest test = stats::welch(effects[i], kAlpha);
    result.rejected[i] = test.p < kAlpha;
    result.covered[i] = test.interval.low <= result.lift && result.lift <= test.interval.high;
  }
  result.variance_reduction = adjusted.variance_reduction;
  result.posterior =
      stats::gaussian_posterior(effects[0], stats::GaussianPrior{.sd = kPriorSd}, kAlpha);
  const std::array<double, 2> even = {1.0, 1.0};
  result.alarm = stats::sample_ratio(std::array{a.units, b.units}, even).is_mismatch();
  result.alarm_when_lossy =
      stats::sample_ratio(std::array{a.units, b.kept_units}, even).is_mismatch();
}

TestResult run_test(const LabOptions& options, Stream stream, std::uint64_t index, double lift,
                    bool exactly) {
  base::Random random(options.seed, stream, index);
  TestResult result{.lift = lift};
  const std::u16string seed =
      assignment::utf16(std::to_string(stream) + "-" + std::to_string(index));
  std::array<BucketRange, 2> ranges;
  bucket_ranges(1.0, {}, ranges);
  std::array<Arm, 2> arms;
  const std::uint32_t step = std::max(options.units / kLooks, 1U);
  for (std::uint32_t unit = 0; unit < options.units; ++unit) {
    const auto place = bucket(seed, draw_id(random), 2);
    const auto chosen = static_cast<std::size_t>(choose_variation(*place, ranges));
    visit(random, chosen == 1 ? 1.0 + lift : 1.0, arms[chosen]);
    arms[chosen].kept_units += random.chance(kLost) ? 0.0 : 1.0;
    if ((unit + 1) % step == 0) look(arms, result);
  }
  judge(arms, result);
  if (exactly) {
    const stats::Sample a = arms[0].conversion.y();
    const stats::Sample b = arms[1].conversion.y();
    result.exact_chance =
        stats::beta_binomial(std::round(a.mean * a.n), a.n, std::round(b.mean * b.n), b.n)
            .chance_to_win;
  }
  return result;
}

/// `lift(index)` is the true lift of each test.
template <typename Lift>
std::vector<TestResult> run_tests(const LabOptions& options, Stream stream, const Lift& lift,
                                  std::atomic<std::uint64_t>& done) {
  std::vector<TestResult> results(options.tests);
  base::parallel_for(results.size(), 8, options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      results[i] = run_test(options, stream, i, lift(i), stream == kDrawn && i < kExactTests);
    }
    if (options.progress) options.progress(done.fetch_add(end - begin) + end - begin);
  });
  return results;
}

/// Returns the share of the tests for which `test` is true.
template <typename Test>
double share(const std::vector<TestResult>& results, const Test& test) {
  const auto count = std::count_if(results.begin(), results.end(), test);
  return static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(results.size(), 1));
}

ByMetric by_metric(const std::vector<TestResult>& results,
                   std::array<bool, kMetrics.size()> TestResult::* flag) {
  ByMetric out;
  for (std::size_t i = 0; i < kMetrics.size(); ++i) {
    out[kMetrics[i]] = share(results, [&](const TestResult& one) { return (one.*flag)[i]; });
  }
  return out;
}

/// `chance`: the chance to win of a test; below 0 where there is none.
template <typename Chance>
Calibration calibration(const std::vector<TestResult>& results, const Chance& chance) {
  std::array<double, 10> claimed{};
  std::array<double, 10> won{};
  std::array<double, 10> tests{};
  for (const TestResult& one : results) {
    const double p = chance(one);
    if (p < 0.0) continue;
    const auto bin = static_cast<std::size_t>(std::clamp(p * 10.0, 0.0, 9.0));
    claimed[bin] += p;
    won[bin] += one.lift > 0.0 ? 1.0 : 0.0;
    tests[bin] += 1.0;
  }
  Calibration result;
  double off = 0.0;
  for (std::size_t i = 0; i < 10; ++i) {
    if (tests[i] == 0.0) continue;
    result.bins.push_back({tests[i], claimed[i] / tests[i], won[i] / tests[i]});
    off += std::fabs(claimed[i] - won[i]);
    result.tests += tests[i];
  }
  if (result.tests > 0.0) result.error = off / result.tests;
  return result;
}

}  // namespace

TestLab run_test_lab(const LabOptions& options) {
  std::atomic<std::uint64_t> done{0};
  const double arm = options.units / 2.0;
  const double lift = stats::smallest_lift(
      {.mean = kConversion, .variance = kConversion * (1.0 - kConversion), .alpha = kAlpha}, arm,
      arm);
  const auto same = run_tests(options, kSame, [](std::size_t) { return 0.0; }, done);
  const auto different = run_tests(options, kDifferent, [&](std::size_t) { return lift; }, done);
  const auto drawn = run_tests(
      options, kDrawn,
      [&](std::size_t index) {
        base::Random random(options.seed, kDrawn + 1, index);
        return std::clamp(kPriorSd * random.normal(), -0.9, 0.9);
      },
      done);
  double loss = 0.0;
  double expected_loss = 0.0;
  for (const TestResult& one : drawn) {
    const bool ship = one.posterior.chance_to_win > 0.5;
    loss += ship ? std::max(-one.lift, 0.0) : std::max(one.lift, 0.0);
    expected_loss += ship ? one.posterior.loss_of_treatment : one.posterior.loss_of_control;
  }
  double reduction = 0.0;
  for (const TestResult& one : same) reduction += one.variance_reduction;
  const auto tests = static_cast<double>(options.tests);
  const auto always = [](const TestResult& one) { return one.always_rejected; };
  const auto always_covered = [](const TestResult& one) { return one.always_covered; };
  TestLab lab{.tests = options.tests, .units = options.units, .looks = kLooks};
  lab.same = {
      .false_positives = by_metric(same, &TestResult::rejected),
      .peeking_always_valid = share(same, always),
      .peeking_welch = share(same, [](const TestResult& one) { return one.naive_rejected; }),
      .always_valid_coverage = share(same, always_covered),
      .cuped_variance_reduction = reduction / tests};
  lab.different = {.lift = lift,
                   .power = by_metric(different, &TestResult::rejected),
                   .power_always_valid = share(different, always),
                   .coverage = by_metric(different, &TestResult::covered),
                   .always_valid_coverage = share(different, always_covered)};
  lab.chance_to_win = {
      .gaussian =
          calibration(drawn, [](const TestResult& one) { return one.posterior.chance_to_win; }),
      .beta_binomial = calibration(drawn, [](const TestResult& one) { return one.exact_chance; }),
      .loss = loss / tests,
      .expected_loss = expected_loss / tests};
  lab.sample_ratio = {
      .false_alarms = share(same, [](const TestResult& one) { return one.alarm; }),
      .lost_share = kLost,
      .alarms_when_lost = share(same, [](const TestResult& one) { return one.alarm_when_lossy; })};
  return lab;
}

}  // namespace vitrine::laboratory
