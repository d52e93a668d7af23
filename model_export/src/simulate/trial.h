#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "simulate/shop.h"
#include "simulate/shoppers.h"
#include "simulate/trial_plan.h"
#include "simulate/trial_truth.h"
#include "vitrine/format/bundle.h"
#include "vitrine/visit/recommender.h"

namespace vitrine::simulate {

/// A line of the log of exposures.
struct ExposureRow {
  std::int64_t time = 0;  // seconds UTC
  std::string text;       // JSON as the page sends it, with the shopper's device and country
};

/// The experiments of a simulated shop: assigns variations to shoppers, changes their behaviour,
/// and computes the true effects.
///
/// The true effects are those on the shoppers of this shop. Each exposed shopper is simulated under
/// every variation with the same random numbers, and the means are taken over all of them (the
/// potential outcomes of Neyman 1923 and Rubin 1974). Memory: about ten bytes for each shopper and
/// experiment; with `judged` a kilobyte for each shopper.
class Trial {
 public:
  /// `judged` is a bundle whose order of the lists is valued, or null for none. `list` is the
  /// request by which a page asks for that order. All arguments must outlive this object.
  Trial(const TrialPlan& plan, const Shop& shop, std::uint64_t seed, std::uint64_t shoppers,
        const Bundle* judged, const ListRequest& list = ListRequest::of(ListMode::kRerank));

  /// Simulates the visits of a shopper on one day under the assigned variations. A visit starts at
  /// its first event. Appends to `rows`. Days must come in order.
  [[nodiscard]] std::vector<std::vector<SimulatedEvent>> visit(std::uint64_t number,
                                                               const Shopper& shopper,
                                                               const Day& day, unsigned visits,
                                                               std::vector<ExposureRow>& rows);

  [[nodiscard]] TrialTruth truth() const;

 private:
  struct List {
    std::vector<std::size_t> items;  // products in the order shown
    std::vector<double> propensities;
  };
  struct Visit {
    std::uint64_t index = 0;  // of its random numbers
    std::int64_t start = 0;
    std::vector<int> variations;  // by experiment; -1: not seen
    Behaviour behaviour;
    List list;
    std::vector<SimulatedEvent> events;
  };
  /// Sums over the units of one segment.
  struct Group {
    std::string attribute;  // empty: all units
    std::string value;
    double units = 0.0;
    std::vector<std::vector<double>> sums;  // by variation, then metric
  };
  struct Course {
    std::vector<std::int64_t> first;       // exposure of each shopper; 0: none yet
    std::vector<std::int8_t> variation;    // of each shopper
    std::vector<std::uint32_t> converted;  // a bit for each variation
    std::vector<double> units;             // by variation
    std::vector<Group> groups;
  };

  [[nodiscard]] Behaviour behaviour(const std::vector<int>& variations,
                                    const nlohmann::json& attributes) const;
  [[nodiscard]] List draw_list(const Day& day, std::uint64_t index) const;
  [[nodiscard]] double click_chance(const Shopper& shopper, std::size_t product, std::size_t place,
                                    const Behaviour& behaviour) const;
  [[nodiscard]] std::vector<SimulatedEvent> predict(const Shopper& shopper, const Day& day,
                                                    const Visit& visit,
                                                    const Behaviour& behaviour) const;
  void count(std::size_t experiment, std::uint64_t number, const Shopper& shopper, const Day& day,
             const std::vector<Visit>& visits, const nlohmann::json& attributes);
  void add(Course& course, std::uint64_t number, std::size_t variation,
           const nlohmann::json& attributes, const std::vector<SimulatedEvent>& events) const;
  [[nodiscard]] bool is_lost(std::size_t experiment, std::uint64_t number, int variation,
                             const nlohmann::json& attributes) const;
  void value_lists(std::uint64_t number, const Shopper& shopper, const std::vector<Visit>& visits);
  /// The products of a list as a page with the judged bundle shows them at `now`.
  [[nodiscard]] std::vector<std::size_t> page_list(const List& shown,
                                                   const vitrine::Shopper& shopper,
                                                   std::int64_t now);

  const TrialPlan& plan_;
  const Shop& shop_;
  std::uint64_t seed_;
  std::vector<Course> courses_;  // by experiment

  double places_ = 0.0;
  double logged_value_ = 0.0;
  double judged_value_ = 0.0;
  std::uint64_t same_places_ = 0;  // where the judged bundle puts the item that was shown
  const Bundle* judged_;
  ListRequest list_;
  std::unique_ptr<Recommender> recommender_;
  std::vector<vitrine::Shopper> histories_;  // by shopper
};

}  // namespace vitrine::simulate
