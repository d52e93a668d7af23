#include "laboratory/lab_result.h"

namespace vitrine::laboratory {

using nlohmann::json;

// Not in an unnamed namespace: the library finds these by the namespace of their argument.

static void to_json(json& out, const Calibration::Bin& bin) {
  out = {{"tests", bin.tests}, {"claimed", bin.claimed}, {"won", bin.won}};
}

static void to_json(json& out, const Calibration& calibration) {
  out = {{"bins", calibration.bins}, {"error", calibration.error}, {"tests", calibration.tests}};
}

static void to_json(json& out, const TestLab& lab) {
  out = {{"tests", lab.tests},
         {"units", lab.units},
         {"looks", lab.looks},
         {"same",
          {{"false_positives", lab.same.false_positives},
           {"peeking_always_valid", lab.same.peeking_always_valid},
           {"peeking_welch", lab.same.peeking_welch},
           {"always_valid_coverage", lab.same.always_valid_coverage},
           {"cuped_variance_reduction", lab.same.cuped_variance_reduction}}},
         {"different",
          {{"lift", lab.different.lift},
           {"planned_power", lab.different.planned_power},
           {"power", lab.different.power},
           {"power_always_valid", lab.different.power_always_valid},
           {"coverage", lab.different.coverage},
           {"always_valid_coverage", lab.different.always_valid_coverage}}},
         {"chance_to_win",
          {{"gaussian", lab.chance_to_win.gaussian},
           {"beta_binomial", lab.chance_to_win.beta_binomial},
           {"loss", lab.chance_to_win.loss},
           {"expected_loss", lab.chance_to_win.expected_loss}}},
         {"sample_ratio",
          {{"false_alarms", lab.sample_ratio.false_alarms},
           {"lost_share", lab.sample_ratio.lost_share},
           {"alarms_when_lost", lab.sample_ratio.alarms_when_lost}}}};
}

static void to_json(json& out, const ErrorSummary& error) {
  out = {{"coverage", error.coverage}, {"bias", error.bias}, {"error", error.error}};
}

static void to_json(json& out, const EstimatorErrors& errors) {
  out = {{"ips", errors.ips}, {"snips", errors.snips}, {"doubly_robust", errors.doubly_robust}};
}

static void to_json(json& out, const ReplayLab& lab) {
  out = lab.errors;
  out.update({{"logs", lab.logs}, {"truth", lab.truth}, {"effective_size", lab.effective_size}});
}

static void to_json(json& out, const BanditLab::Policy& policy) {
  out = {{"name", policy.name}, {"regret", policy.regret}};
}

static void to_json(json& out, const BanditLab& lab) {
  out = {{"logs", lab.logs},   {"units", lab.units},       {"rounds", lab.rounds},
         {"rates", lab.rates}, {"policies", lab.policies}, {"replay", lab.replay}};
}

static void to_json(json& out, const ShopLab::Replay& replay) {
  out = {{"true", replay.truth},
         {"logged", replay.logged},
         {"ips", replay.ips.coverage},
         {"ips_bias", replay.ips.bias},
         {"snips", replay.snips.coverage},
         {"snips_bias", replay.snips.bias},
         {"doubly_robust", replay.doubly_robust.coverage},
         {"doubly_robust_bias", replay.doubly_robust.bias}};
}

static void to_json(json& out, const ShopLab& lab) {
  out = {{"shops", lab.shops},
         {"shoppers", lab.shoppers},
         {"lift", lab.lift},
         {"coverage", lab.coverage},
         {"false_positives", lab.false_positives},
         {"verdicts_better", lab.verdicts_better},
         {"verdicts_without_effect", lab.verdicts_without_effect},
         {"sample_ratio_alarms", lab.sample_ratio_alarms},
         {"replay", lab.replay}};
}

void to_json(json& out, const LabResult& result) {
  out = result.tests;
  out.update({{"replay", result.replay}, {"bandits", result.bandits}});
  if (result.shops) out.push_back({"shops", *result.shops});
}

}  // namespace vitrine::laboratory
