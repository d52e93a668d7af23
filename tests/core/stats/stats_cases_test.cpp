// The statistics against answers computed with fifty digits (../shared/stats/ORIGINS.md).
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
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

using nlohmann::json;

/// The rows of a group; skips the test where the machine has none, fails unless there are `count`.
json rows(const char* group, std::size_t count) {
  const std::string path = std::string(VITRINE_SHARED_DIR) + "/stats/computed.json";
  std::ifstream file(path);
  if (!file) SKIP("no " << path << ": the computed answers are not here");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  // Python writes what no JSON may hold.
  for (std::size_t at = 0; (at = text.find("Infinity", at)) != std::string::npos;) {
    text.replace(at, 8, "1e308");
  }
  json found = json::parse(text)[group];
  REQUIRE(found.size() == count);
  return found;
}

/// Returns true when `got` equals `wanted` within a relative error. 0 stands for a value too small
/// for fifty digits.
bool is(double got, const json& wanted, double tolerance) {
  const double want = wanted.get<double>();
  INFO(got << " wanted " << want);
  return want == 0.0 ? std::fabs(got) < 1e-50
                     : std::fabs(got - want) <= tolerance * std::fabs(want);
}
bool exact(double got, const json& wanted) { return is(got, wanted, 1e-12); }
bool close(double got, const json& wanted) { return is(got, wanted, 1e-9); }
/// A bound of an interval may be near 0; it is right within 1e-9 of the interval's width.
bool close(const Interval& got, const json& wanted) {
  const double low = wanted[0].get<double>();
  const double high = wanted[1].get<double>();
  return std::fabs(got.low - low) <= 1e-9 * (high - low) &&
         std::fabs(got.high - high) <= 1e-9 * (high - low);
}

Sample sample(const json& arm) {
  if (arm["type"] == "proportion") return proportion(arm["sum"], arm["n"]);
  return from_sums(arm["sum"], arm["sum_squares"], arm["n"]);
}
Effect effect(const json& row) {
  const Scale scale = row["relative"].get<bool>() ? Scale::kRelative : Scale::kAbsolute;
  return effect_of(sample(row["a"]), sample(row["b"]), scale);
}

TEST_CASE("Computed rows: distribution functions within 1e-12") {
  for (const json& r : rows("normal_cdf", 14)) CHECK(exact(normal_cdf(r[0]), r[1]));
  for (const json& r : rows("normal_ppf", 14)) CHECK(exact(normal_quantile(r[0]), r[1]));
  for (const json& r : rows("t_cdf", 64)) CHECK(exact(student_cdf(r[0], r[1]), r[2]));
  for (const json& r : rows("t_ppf", 48)) CHECK(exact(student_quantile(r[0], r[1]), r[2]));
  for (const json& r : rows("chi2_sf", 48)) CHECK(exact(chi_squared_sf(r[0], r[1]), r[2]));
  for (const json& r : rows("betainc_reg", 36)) CHECK(exact(beta_cdf(r[0], r[1], r[2]), r[3]));
}

TEST_CASE("Computed rows: Welch's t test, absolute and relative") {
  for (const json& r : rows("welch_t", 60)) {
    INFO(r.dump());
    const Effect e = effect(r);
    const TTest test = welch(e, 0.05);
    const json& want = r["expected"];
    CHECK(close(e.estimate, want["estimate"]));
    CHECK(close(std::sqrt(e.variance), want["se"]));
    CHECK(close(e.df, want["df"]));
    CHECK(close(test.t, want["t"]));
    CHECK(close(test.p, want["p_two"]));
    CHECK(close(test.p_greater, want["p_greater"]));
    CHECK(close(test.p_less, want["p_less"]));
    CHECK(close(test.interval, want["ci"]));
    CHECK(std::fabs(test.lower_bound - want["ci_greater_lower"].get<double>()) <=
          1e-9 * std::sqrt(e.variance));
  }
}

TEST_CASE("Computed rows: two proportions") {
  for (const json& r : rows("two_proportion", 40)) {
    INFO(r.dump());
    const TwoProportions test = two_proportions(r["x1"], r["n1"], r["x2"], r["n2"], 0.05);
    const json& want = r["expected"];
    CHECK(close(test.difference, want["diff"]));
    CHECK(close(test.z_pooled, want["z_pooled"]));
    CHECK(close(test.p_pooled, want["p_pooled"]));
    CHECK(close(test.z_unpooled, want["z_unpooled"]));
    CHECK(close(test.p_unpooled, want["p_unpooled"]));
    CHECK(close(test.interval, want["ci_unpooled"]));
  }
}

TEST_CASE("Computed rows: the confidence sequence") {
  for (const json& r : rows("sequential_waudby_smith", 40)) {
    INFO(r.dump());
    const Effect e = effect(r);
    const AlwaysValid test = confidence_sequence(e, r["tuning"], r["alpha"]);
    const json& want = r["expected"];
    CHECK(close(mixture_scale(r["tuning"], r["alpha"]), want["rho"]));
    CHECK(close(test.halfwidth, want["halfwidth"]));
    CHECK(close(test.p, want["p"]));
    CHECK(close(Interval{e.estimate - test.halfwidth, e.estimate + test.halfwidth}, want["ci"]));
  }
}

TEST_CASE("Computed rows: the normal mixture test") {
  for (const json& r : rows("msprt_normal_mixture", 20)) {
    INFO(r.dump());
    const MixtureTest test = mixture_test(r["n_per_arm"], r["sigma2"], r["tau2"], r["diff"], 0.05);
    const json& want = r["expected"];
    const double ratio = want["likelihood_ratio"];
    if (ratio < 1e308) {
      CHECK(close(std::exp(test.log_likelihood_ratio), want["likelihood_ratio"]));
      CHECK(close(test.test.p, want["p_once"]));
    } else {  // beyond what a double holds
      CHECK(test.log_likelihood_ratio > 709.0);
      CHECK(test.test.p < 1e-300);
    }
    CHECK(close(test.test.halfwidth, want["ci_halfwidth_95"]));
  }
}

TEST_CASE("Computed rows: the Gaussian posterior") {
  for (const json& r : rows("bayes_gaussian_effect", 40)) {
    INFO(r.dump());
    std::optional<GaussianPrior> prior;
    if (!r["prior"].is_null()) prior = {.mean = r["prior"]["mean"], .sd = r["prior"]["sd"]};
    const Posterior posterior = gaussian_posterior(effect(r), prior, 0.05);
    const json& want = r["expected"];
    CHECK(close(posterior.mean, want["mean"]));
    CHECK(close(posterior.sd, want["sd"]));
    CHECK(close(posterior.interval, want["ci"]));
    CHECK(close(posterior.chance_to_win, want["chance_to_win"]));
    CHECK(close(posterior.loss_of_control, want["risk_ctrl"]));
    CHECK(close(posterior.loss_of_treatment, want["risk_trt"]));
  }
}

TEST_CASE("Computed rows: the beta-binomial posterior") {
  for (const json& r : rows("beta_binomial", 7)) {
    INFO(r.dump());
    const BetaBinomial posterior =
        beta_binomial(r["x1"], r["n1"], r["x2"], r["n2"], r["prior"][0], r["prior"][1]);
    CHECK(close(posterior.chance_to_win, r["expected"]["p_2_greater"]));
    CHECK(close(posterior.loss_of_treatment, r["expected"]["loss_choose_2"]));
  }
}

TEST_CASE("Computed rows: sample ratio, sample size, many metrics") {
  for (const json& r : rows("srm_chi2", 9)) {
    INFO(r.dump());
    const SampleRatio found = sample_ratio(r["observed"].get<std::vector<double>>(),
                                           r["weights"].get<std::vector<double>>());
    CHECK(close(found.chi_squared, r["expected"]["chi2"]));
    CHECK(close(found.p, r["expected"]["p"]));
  }
  for (const json& r : rows("sample_size_evan_miller", 24)) {
    INFO(r.dump());
    CHECK(close(units_for_rates(r["p"], r["delta_abs"], r["alpha"], r["power"]),
                r["expected"]["n_per_variant"]));
  }
  for (const json& r : rows("multiple_comparison", 6)) {
    INFO(r.dump());
    const std::vector<double> p = r["p"];
    for (std::size_t i = 0; i < p.size(); ++i) {
      CHECK(close(holm(p)[i], r["holm"][i]));
      CHECK(close(benjamini_hochberg(p)[i], r["benjamini_hochberg"][i]));
      CHECK(close(bonferroni(p)[i], r["bonferroni"][i]));
    }
  }
}

}  // namespace
}  // namespace vitrine::stats
