#pragma once

#include <cstdint>
#include <functional>

#include "laboratory/lab_result.h"

namespace vitrine::laboratory {

/// The number of simulations of the laboratory.
struct LabOptions {
  std::uint32_t tests = 10000;    // A/A and A/B tests of each kind
  std::uint32_t units = 10000;    // of each test, in both arms
  std::uint32_t replays = 1000;   // logs that are replayed
  std::uint32_t shops = 200;      // simulated shops whose logs go the whole way
  std::uint32_t shoppers = 1500;  // of each
  std::uint64_t seed = 1;
  unsigned threads = 1;                              // the result does not depend on them
  std::function<void(std::uint64_t done)> progress;  // tests that are through; any thread
};

/// Simulates experiments with known effects, from the assignment by hash to the numbers of the
/// verdict, and returns how often the statistics are right: false positives with one look and with
/// one look an hour, power compared with its plan, coverage of the intervals, calibration of the
/// chance to win, alarms of the sample ratio.
[[nodiscard]] TestLab run_test_lab(const LabOptions& options);

/// Replays simulated logs for a policy of known value: coverage of the intervals, bias and root
/// mean square error of each estimator. The reward model of the doubly robust estimator is wrong on
/// purpose.
[[nodiscard]] ReplayLab run_replay_lab(const LabOptions& options);

/// Simulates browsers in which bandit slots learn variations with known rates. Returns the loss of
/// a round compared with the best variation (regret), with and without priors from a log and for an
/// even split, and how often a replay of the logs contains the true value of each variation.
[[nodiscard]] BanditLab run_bandit_lab(const LabOptions& options);

/// Simulates whole shops, writes their logs to temporary files, and lets analysis and replay read
/// these as they read a real shop's: how often the intervals hold what is true of the shop.
/// Precondition: options.shops > 0. Throws Error(kIo) when the temporary folder cannot be written.
[[nodiscard]] ShopLab run_shop_lab(const LabOptions& options);

}  // namespace vitrine::laboratory
