#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>

namespace vitrine::train {

/// How much the laboratory simulates.
struct LabOptions {
  std::uint32_t tests = 10000;   // A/A and A/B tests of each kind
  std::uint32_t units = 10000;   // of each test, in both arms
  std::uint32_t replays = 1000;  // logs that are replayed
  std::uint64_t seed = 1;
  unsigned threads = 1;                              // the result does not depend on them
  std::function<void(std::uint64_t done)> progress;  // tests that are through; any thread
};

/// Simulates experiments whose truth is known, from the assignment by hash to the verdict's
/// numbers, and says how often the statistics are right: false positives with one look and with one
/// an hour, power beside its plan, coverage of the intervals, calibration of the chance to win,
/// alarms of the sample ratio.
[[nodiscard]] nlohmann::json run_lab(const LabOptions& options);

/// Replays simulated logs for a policy whose value is known: coverage of the intervals, bias and
/// root mean square error of each estimator. The reward model of the doubly robust one is wrong on
/// purpose.
[[nodiscard]] nlohmann::json run_replay_lab(const LabOptions& options);

}  // namespace vitrine::train
