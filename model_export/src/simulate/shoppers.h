#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "data/event_kind.h"
#include "simulate/shop.h"
#include "simulate/trial_plan.h"

namespace vitrine::simulate {

/// Somebody who visits the shop. Drawn from the seed and a number alone, so that no list of
/// shoppers has to be kept.
struct Shopper {
  Taste taste{};
  std::array<double, kProductTypes> interest{};
  /// Visits relative to the average shopper.
  double activity = 1.0;
  /// Never logs in: events carry a session but no user.
  bool anonymous = false;
};

[[nodiscard]] Shopper make_shopper(std::uint64_t seed, std::uint64_t number);

/// The shopper's visits relative to the average, without drawing the rest of the shopper.
[[nodiscard]] double shopper_activity(std::uint64_t seed, std::uint64_t number);

struct SimulatedEvent {
  std::int64_t time = 0;  // seconds UTC
  std::uint32_t product = 0;
  EventKind kind = EventKind::kView;
  std::uint32_t quantity = 0;  // 0 where it makes no sense
};

/// What `simulate_session` needs to know of the day.
struct Day {
  int number = 0;       // of the simulation, from 0
  int day_of_year = 0;  // 0..364
  std::int64_t midnight = 0;
};

/// When a visit starts, seconds UTC: the first that simulate_session draws.
[[nodiscard]] std::int64_t session_start(const Day& day, base::Random& random);

/// One visit of a shopper: an intent, views that follow each other by likeness, sometimes a cart,
/// a complement and a purchase. Appends to `events`, in the order of time.
void simulate_session(const Shop& shop, const Shopper& shopper, const Day& day,
                      base::Random& random, std::vector<SimulatedEvent>& events,
                      const Behaviour& behaviour = {});

/// A visit of a bot: many quick views of anything.
void simulate_bot(const Shop& shop, const Day& day, base::Random& random,
                  std::vector<SimulatedEvent>& events);

}  // namespace vitrine::simulate
