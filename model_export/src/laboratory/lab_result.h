#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "laboratory/estimator_error.h"

namespace vitrine::laboratory {

/// A share of the tests, or another number, for each metric.
using ByMetric = std::map<std::string, double>;

/// Returns for each tenth of the chance to win how often the treatment was really better.
struct Calibration {
  struct Bin {
    double tests = 0.0;
    double claimed = 0.0;  // mean chance to win
    double won = 0.0;      // share of the tests whose treatment was better
  };
  std::vector<Bin> bins;  // those with tests alone
  double error = 0.0;     // mean distance of the two over all tests
  double tests = 0.0;
};

/// The reliability of the statistics of experiments. Shares of tests unless said otherwise.
struct TestLab {
  struct Same {  // tests without a difference
    ByMetric false_positives;
    double peeking_always_valid = 0.0;
    double peeking_welch = 0.0;
    double always_valid_coverage = 0.0;
    double cuped_variance_reduction = 0.0;  // share of the variance
  };
  struct Different {  // tests with the lift that is planned for
    double lift = 0.0;
    double planned_power = 0.8;
    ByMetric power;
    double power_always_valid = 0.0;
    ByMetric coverage;
    double always_valid_coverage = 0.0;
  };
  struct ChanceToWin {  // tests whose lift is drawn from the prior
    Calibration gaussian;
    Calibration beta_binomial;
    double loss = 0.0;  // mean relative loss of the better choice
    double expected_loss = 0.0;
  };
  struct SampleRatio {
    double false_alarms = 0.0;
    double lost_share = 0.0;  // of one arm's units, in tests that lose some
    double alarms_when_lost = 0.0;
  };
  std::uint32_t tests = 0;
  std::uint32_t units = 0;
  int looks = 0;
  Same same;
  Different different;
  ChanceToWin chance_to_win;
  SampleRatio sample_ratio;
};

/// The estimators of a replay beside known truths.
struct EstimatorErrors {
  ErrorSummary ips;
  ErrorSummary snips;
  ErrorSummary doubly_robust;
};

/// The error of a replay beside the known value of a policy.
struct ReplayLab {
  std::uint32_t logs = 0;
  double truth = 0.0;
  double effective_size = 0.0;  // mean
  EstimatorErrors errors;
};

/// The loss of bandit slots, and the error of a replay of their logs for each variation.
struct BanditLab {
  struct Policy {
    std::string name;
    double regret = 0.0;  // what a round loses beside the best variation
  };
  std::uint32_t logs = 0;
  std::uint32_t units = 0;
  double rounds = 0.0;  // of a unit, mean
  std::vector<double> rates;
  std::vector<Policy> policies;
  EstimatorErrors replay;
};

/// The reliability of analysis and replay on whole simulated shops, whose true values are known.
/// Shares of shops unless said otherwise.
struct ShopLab {
  struct Estimator {
    double coverage = 0.0;
    double bias = 0.0;  // mean
  };
  struct Replay {
    double truth = 0.0;   // mean value of a place, by the bundle's order
    double logged = 0.0;  // mean value of a place as it was shown
    Estimator ips;
    Estimator snips;
    Estimator doubly_robust;
  };
  std::uint32_t shops = 0;
  std::uint32_t shoppers = 0;
  ByMetric lift;  // mean of the true ones
  ByMetric coverage;
  ByMetric false_positives;
  double verdicts_better = 0.0;
  double verdicts_without_effect = 0.0;
  double sample_ratio_alarms = 0.0;
  Replay replay;
};

struct LabResult {
  TestLab tests;
  ReplayLab replay;
  BanditLab bandits;
  std::optional<ShopLab> shops;
};

/// As `vitrine experiment lab --json` prints it.
void to_json(nlohmann::json& out, const LabResult& result);

}  // namespace vitrine::laboratory
