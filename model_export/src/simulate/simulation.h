#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "data/event_kind.h"
#include "simulate/trial_plan.h"
#include "simulate/trial_truth.h"
#include "vitrine/format/bundle.h"
#include "vitrine/visit/recommender.h"

namespace vitrine::simulate {

struct SimulationOptions {
  std::uint64_t shoppers = 4000;
  std::uint64_t products = 1000;
  int days = 60;
  std::uint64_t seed = 1;
  /// The number of visits of an average shopper over all days.
  double sessions_per_shopper = 6.0;
  /// The first day, YYYY-MM-DD.
  std::string start = "2026-03-01";
  /// The folder for items.csv, events.csv and simulation.json; it is created when missing.
  std::string out;
  /// Experiments with known effects, or null for none. Not owned.
  const TrialPlan* trial = nullptr;
  /// A bundle whose order of the trial's list is valued, or null for none. Needs a `trial` with a
  /// list. Not owned.
  const Bundle* judged = nullptr;
  /// The request by which a page asks for that order.
  ListRequest judged_list = ListRequest::of(ListMode::kRerank);
  /// Called with the number of days done.
  std::function<void(std::uint64_t days_done)> progress;
};

/// The counts of a simulation.
struct SimulationCounts {
  std::uint64_t sessions = 0;
  std::uint64_t events = 0;
  std::uint64_t shoppers_seen = 0;
  std::uint64_t exposures = 0;
  std::array<std::uint64_t, kEventKinds> kinds{};
  std::optional<TrialTruth> trial;  // with SimulationOptions::trial
};

/// Simulates a shop from a seed and writes it: the same options give the same bytes on every
/// machine. Shoppers have hidden tastes, favourite departments and a price level. Products have a
/// popularity (Zipf), seasons and a first day. Some clicks are mistakes, and there are a few bots.
/// events.csv is sorted by time. Memory does not grow with the number of days or all events, only
/// with products and with the events of one day.
///
/// With a trial it also writes exposures.jsonl, in the form in which the page sends exposures.
/// events.csv then has the column `unit`, which is the visitor, and simulation.json contains the
/// true effects of the experiments.
///
/// Files are written under temporary names and renamed when all are complete. Throws Error(kUsage)
/// for options out of range and Error(kIo) when writing fails.
SimulationCounts simulate(const SimulationOptions& options);

}  // namespace vitrine::simulate
