#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "data/event_kind.h"
#include "simulate/trial_plan.h"
#include "vitrine/format/bundle.h"

namespace vitrine::simulate {

struct SimulationOptions {
  std::uint64_t shoppers = 4000;
  std::uint64_t products = 1000;
  int days = 60;
  std::uint64_t seed = 1;
  /// Visits of an average shopper over all days.
  double sessions_per_shopper = 6.0;
  /// First day, YYYY-MM-DD.
  std::string start = "2026-03-01";
  /// Folder that gets items.csv, events.csv and simulation.json; created when missing.
  std::string out;
  /// Experiments with known effects; null: none. Not owned.
  const TrialPlan* trial = nullptr;
  /// With a `trial` that has a list: a bundle whose order of it is valued; null: none. Not owned.
  const Bundle* judged = nullptr;
  /// Called with the days done.
  std::function<void(std::uint64_t days_done)> progress;
};

struct SimulationCounts {
  std::uint64_t sessions = 0;
  std::uint64_t events = 0;
  std::uint64_t shoppers_seen = 0;
  std::uint64_t exposures = 0;
  std::array<std::uint64_t, kEventKinds> kinds{};
};

/// Writes a seeded shop: the same options give the same bytes on every machine. Shoppers have
/// latent tastes, departments they like and a price level; products have popularity (Zipf),
/// seasons, days on which they appear; there are wrong clicks and a few bots. events.csv is sorted
/// by time. Memory does not grow with the number of days or events, only with products and with
/// the events of one day.
///
/// With a trial there is exposures.jsonl beside them, as the page sends exposures; events.csv has
/// the column `unit`, the visitor; and simulation.json says what is true of the experiments.
///
/// Files are written aside and renamed when all are complete. Throws Error(kUsage) for options out
/// of range and Error(kIo) when writing fails.
SimulationCounts simulate(const SimulationOptions& options);

}  // namespace vitrine::simulate
