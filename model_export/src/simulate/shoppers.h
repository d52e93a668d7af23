#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "data/event_kind.h"
#include "simulate/shop.h"
#include "simulate/trial_plan.h"

namespace vitrine::simulate {

/// A simulated visitor of the shop. A shopper is drawn from the seed and a number alone, so that
/// the program needs no list of shoppers.
struct Shopper {
  Taste taste{};
  std::array<double, kProductTypes> interest{};
  /// The number of visits relative to the average shopper.
  double activity = 1.0;
  /// True when the shopper never logs in: the events have a session but no user.
  bool anonymous = false;
};

[[nodiscard]] Shopper make_shopper(std::uint64_t seed, std::uint64_t number);

/// Returns a shopper's `activity` without drawing the rest of the shopper.
[[nodiscard]] double shopper_activity(std::uint64_t seed, std::uint64_t number);

struct SimulatedEvent {
  std::int64_t time = 0;  // seconds UTC
  std::uint32_t product = 0;
  EventKind kind = EventKind::kView;
  std::uint32_t quantity = 0;  // 0 for events without a quantity
};

/// Returns the name of a kind of event in the log.
[[nodiscard]] std::string_view word_of(EventKind kind);

/// The properties of a day that `simulate_session` uses.
struct Day {
  int number = 0;       // day of the simulation, from 0
  int day_of_year = 0;  // 0..364
  std::int64_t midnight = 0;
};

/// Draws the start of a visit, in seconds UTC. simulate_session draws it as its first value.
[[nodiscard]] std::int64_t session_start(const Day& day, base::Random& random);

/// Simulates one visit of a shopper: the shopper has an intent, views similar products one after
/// another, and sometimes adds one to the cart, adds a matching product and buys. Appends to
/// `events` in the order of time.
void simulate_session(const Shop& shop, const Shopper& shopper, const Day& day,
                      base::Random& random, std::vector<SimulatedEvent>& events,
                      const Behaviour& behaviour = {});

/// Simulates a visit of a bot: many quick views of random products.
void simulate_bot(const Shop& shop, const Day& day, base::Random& random,
                  std::vector<SimulatedEvent>& events);

}  // namespace vitrine::simulate
