#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "vitrine/stats/bayes.h"
#include "vitrine/stats/distributions.h"
#include "vitrine/stats/effect.h"
#include "vitrine/stats/frequentist.h"
#include "vitrine/stats/multiple.h"
#include "vitrine/stats/power.h"
#include "vitrine/stats/sample_ratio.h"
#include "vitrine/stats/sequential.h"

namespace vitrine::stats {
namespace {

using Catch::Approx;

/// An arm from sums over n units: y and y², x and x², xy.
Moments arm(double n, double y, double yy, double x, double xx, double xy) {
  // Two values each that have these sums, up to a covariance that a third value puts right.
  const double my = y / n;
  const double mx = x / n;
  const double vy = yy / n - my * my;
  const double vx = xx / n - mx * mx;
  const double c = xy / n - my * mx;
  const double a = vx > 0.0 ? c / std::sqrt(vx) : 0.0;
  const double b = std::sqrt(vy - a * a);
  Moments one;
  for (const double sx : {-1.0, 1.0}) {
    for (const double sy : {-1.0, 1.0}) one.add(my + a * sx + b * sy, mx + std::sqrt(vx) * sx);
  }
  Moments all;
  for (int i = 0; i < static_cast<int>(n / 4); ++i) all.add(one);
  return all;
}

TEST_CASE("Moments do not depend on how the units are split") {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(1e6, 1.0);
  Moments all;
  Moments parts[3];
  std::vector<double> values;
  for (int i = 0; i < 3000; ++i) {
    const double x = normal(random);
    const double y = 0.5 * x + normal(random);
    all.add(y, x);
    parts[i % 3].add(y, x);
    values.push_back(y);
  }
  Moments sum;
  for (const Moments& part : parts) sum.add(part);
  CHECK(sum.mean_y() == Approx(all.mean_y()).epsilon(1e-14));
  CHECK(sum.variance_y() == Approx(all.variance_y()).epsilon(1e-10));
  CHECK(sum.covariance() == Approx(all.covariance()).epsilon(1e-9));
  CHECK(sample_of(values).variance == all.variance_y());

  Moments spelled = sum;
  for (int i = 0; i < 50; ++i) spelled.add(0.0, 0.0);
  sum.add_zeros(50.0);
  CHECK(sum.variance_y() == Approx(spelled.variance_y()).epsilon(1e-10));
}

TEST_CASE("Arms that cannot be compared have a name for why") {
  const Sample good{10.0, 1.0, 1.0};
  const auto problem = [&](const Sample& other) {
    return comparison_problem(other, good, Scale::kRelative);
  };
  CHECK(problem(good) == ComparisonProblem::kNone);
  CHECK(problem({0.0, 0.0, 0.0}) == ComparisonProblem::kEmptyArm);
  CHECK(problem({1.0, 1.0, 0.0}) == ComparisonProblem::kTooFewUnits);
  CHECK(problem({10.0, 1.0, 0.0}) == ComparisonProblem::kZeroVariance);
  CHECK(problem({10.0, 1.0, std::nan("")}) == ComparisonProblem::kZeroVariance);
  CHECK(problem({10.0, 0.0, 1.0}) == ComparisonProblem::kZeroControl);
  CHECK(comparison_problem({10.0, 0.0, 1.0}, good, Scale::kAbsolute) == ComparisonProblem::kNone);
}

TEST_CASE("A relative effect divides by the size of the control, not by its sign") {
  const Effect effect = effect_of({100.0, -2.0, 1.0}, {100.0, -1.0, 1.0}, Scale::kRelative);
  CHECK(effect.estimate == 0.5);
}

TEST_CASE("CUPED gives GrowthBook's published estimates") {
  // gbstats, test_analyze_metric_df_ra: a relative effect.
  const Moments a = arm(3001, 300, 600, 210, 415, -20);
  const Moments b = arm(3000, 222, 555, 120, 405, -10);
  const Cuped adjusted = cuped(a, b, Scale::kRelative);
  CHECK(adjusted.effect.estimate == Approx(-0.281707154).margin(5e-6));
  CHECK(adjusted.variance_reduction > 0.0);
}

TEST_CASE("CUPED leaves out what was known before, and only that") {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  Moments arms[2];
  for (int i = 0; i < 40000; ++i) {
    const double before = normal(random);
    const int which = i % 2;
    arms[which].add(10.0 + 2.0 * before + normal(random) + 0.2 * which, before);
  }
  const Cuped adjusted = cuped(arms[0], arms[1], Scale::kAbsolute);
  CHECK(adjusted.theta == Approx(2.0).margin(0.05));
  CHECK(adjusted.variance_reduction == Approx(0.8).margin(0.01));
  CHECK(std::fabs(adjusted.effect.estimate - 0.2) < 4.0 * std::sqrt(adjusted.effect.variance));
}

TEST_CASE("CUPED without a value from before changes nothing") {
  Moments a;
  Moments b;
  for (int i = 0; i < 10; ++i) a.add(i);
  for (int i = 0; i < 12; ++i) b.add(i);
  const Effect plain = effect_of(a.y(), b.y(), Scale::kRelative);
  const Cuped adjusted = cuped(a, b, Scale::kRelative);
  CHECK(adjusted.effect.estimate == plain.estimate);
  CHECK(adjusted.effect.variance == plain.variance);
}

TEST_CASE("A ratio of sums has the published mean and p-value") {
  // gbstats, test_get_metric_dfs_frequentist_ratio. Its covariances cannot come from real units.
  const auto published = [](double n, double m, double mm, double d, double dd, double md) {
    const double r = m / d;
    const auto c = [n](double xy, double x, double y) { return (xy - x * y / n) / (n - 1.0); };
    const double spread = c(mm, m, m) - 2.0 * r * c(md, m, d) + r * r * c(dd, d, d);
    return Sample{n, r, spread / (d / n * d / n)};
  };
  const Effect effect = effect_of(published(100, 270, 848.79, 510, 810, -900),
                                  published(120, 300, 869, 500, 800, -905), Scale::kRelative);
  CHECK(effect.estimate == Approx(0.133333333).epsilon(1e-8));

  std::mt19937_64 random(3);
  std::poisson_distribution<int> poisson(4.0);
  Moments units;
  double clicks = 0.0;
  double lists = 0.0;
  for (int i = 0; i < 5000; ++i) {
    const double shown = 1.0 + poisson(random);
    const double clicked = std::floor(shown / 3.0);
    units.add(clicked, shown);
    clicks += clicked;
    lists += shown;
  }
  CHECK(ratio(units).mean == Approx(clicks / lists).epsilon(1e-12));
}

TEST_CASE("The variance of a ratio is that of many repetitions") {
  std::mt19937_64 random(5);
  std::poisson_distribution<int> shown(4.0);
  std::vector<double> ratios;
  double claimed = 0.0;
  for (int repetition = 0; repetition < 2000; ++repetition) {
    Moments units;
    for (int i = 0; i < 200; ++i) {
      const int lists = 1 + shown(random);
      std::binomial_distribution<int> clicks(lists, 0.1 + 0.02 * (lists % 3));
      units.add(clicks(random), lists);
    }
    const Sample one = ratio(units);
    ratios.push_back(one.mean);
    claimed += one.mean_variance() / 2000.0;
  }
  CHECK(claimed == Approx(sample_of(ratios).variance).epsilon(0.1));
}

TEST_CASE("Chances to win of the two arms add up to one") {
  const BetaBinomial one = beta_binomial(30, 1000, 41, 1020);
  const BetaBinomial other = beta_binomial(41, 1020, 30, 1000);
  CHECK(one.chance_to_win + other.chance_to_win == Approx(1.0).epsilon(1e-12));
  CHECK(one.loss_of_control == Approx(other.loss_of_treatment).epsilon(1e-10));
  // E[max(d, 0)] - E[max(-d, 0)] is E[d].
  CHECK(one.loss_of_control - one.loss_of_treatment ==
        Approx(42.0 / 1022.0 - 31.0 / 1002.0).epsilon(1e-10));
}

TEST_CASE("Large and lopsided beta-binomials stay probabilities") {
  for (const double n : {1.0, 1e3, 1e6, 1e8}) {
    const BetaBinomial posterior = beta_binomial(0, n, n, n);
    CHECK(posterior.chance_to_win > 0.5);
    CHECK(posterior.chance_to_win <= 1.0 + 1e-12);
    CHECK(posterior.loss_of_treatment >= 0.0);
  }
  const BetaBinomial even = beta_binomial(50'000, 1e6, 50'000, 1e6);
  CHECK(even.chance_to_win == Approx(0.5).epsilon(1e-9));
}

TEST_CASE("Planning agrees with GrowthBook's published power and smallest effect") {
  const PlanInput input{.mean = 10.0, .variance = 3909.9997749994377};
  const double n = 400000.0 / 3.0;
  CHECK(power(input, 0.05, n, n) == Approx(0.52144).margin(5e-6));
  CHECK(smallest_lift(input, n, n) == Approx(0.07027).margin(5e-6));
  // With looks all the time: the exact chance at the last look, not 0.206 of an inflated error.
  PlanInput peeking = input;
  peeking.tuning = 5000.0;
  CHECK(power(peeking, 0.05, n, n) == Approx(0.0721).margin(5e-4));
}

TEST_CASE("Units, power and smallest lift are one relation") {
  const PlanInput input{.mean = 0.04, .variance = 0.04 * 0.96};
  const double n = units_per_arm(input, 0.05);
  CHECK(power(input, 0.05, n, n) == Approx(0.8).epsilon(1e-9));
  CHECK(smallest_lift(input, n, n) == Approx(0.05).epsilon(1e-6));
  CHECK(std::isinf(units_per_arm(input, 0.0)));
}

TEST_CASE("Peeking is paid for: the always-valid interval is wider, and narrows") {
  const auto width = [](double n) {
    const Effect effect = effect_of({n, 1.0, 1.0}, {n, 1.0, 1.0}, Scale::kAbsolute);
    return confidence_sequence(effect, 5000.0, 0.05).halfwidth / welch(effect, 0.05).interval.high;
  };
  CHECK(width(1000.0) > 1.0);
  CHECK(width(2500.0) < width(100.0));
}

}  // namespace
}  // namespace vitrine::stats
