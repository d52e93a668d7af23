#include "simulate/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <utility>

#include "vitrine/assignment/assignment.h"
#include "vitrine/assignment/condition.h"
#include "vitrine/format/content_hash.h"

namespace vitrine::simulate {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

enum Stream : std::uint64_t {
  kSessionStream = 22,
  kAttributeStream = 31,
  kListStream = 32,
  kClickStream = 33,
  kReachStream = 34,
  kLostStream = 1000  // one for each experiment
};

constexpr std::array<const char*, 2> kSegments = {"device", "country"};

json attributes_of(std::uint64_t seed, std::uint64_t number) {
  base::Random random(seed, kAttributeStream, number);
  constexpr std::array<double, 2> kDeviceShares = {0.6, 0.4};
  constexpr std::array<double, 3> kCountryShares = {0.5, 0.2, 0.3};
  constexpr std::array<const char*, 2> kDevices = {"mobile", "desktop"};
  constexpr std::array<const char*, 3> kCountries = {"DE", "AT", "FR"};
  return {{"id", fmt::format("v{:06}", number)},
          {"device", kDevices[random.weighted(kDeviceShares)]},
          {"country", kCountries[random.weighted(kCountryShares)]}};
}

/// Returns the probability that a shopper looks at a place of a list.
double attention(std::size_t place) { return 1.0 / (1.0 + 0.5 * static_cast<double>(place)); }

}  // namespace

Trial::Trial(const TrialPlan& plan, const Shop& shop, std::uint64_t seed, std::uint64_t shoppers,
             const Bundle* judged, const ListRequest& list)
    : plan_(plan), shop_(shop), seed_(seed), judged_(judged), list_(list) {
  for (const assignment::Experiment& experiment : plan.experiments) {
    Course course;
    course.first.assign(shoppers, 0);
    course.variation.assign(shoppers, -1);
    course.converted.assign(shoppers, 0);
    course.units.assign(experiment.variations.size(), 0.0);
    courses_.push_back(std::move(course));
  }
  if (judged_ == nullptr) return;
  recommender_ = std::make_unique<Recommender>(*judged_);
  histories_.assign(shoppers, vitrine::Shopper(judged_->settings().session_gap));
}

Behaviour Trial::behaviour(const std::vector<int>& variations, const json& attributes) const {
  Behaviour all;
  for (const Effect& effect : plan_.effects) {
    if (variations[effect.experiment] != effect.variation) continue;
    if (!effect.condition.is_null() && !assignment::fulfils(attributes, effect.condition)) continue;
    all.clicks *= effect.factors.clicks;
    all.carts *= effect.factors.carts;
    all.conversion *= effect.factors.conversion;
    all.basket *= effect.factors.basket;
  }
  return all;
}

Trial::List Trial::draw_list(const Day& day, std::uint64_t index) const {
  List list;
  base::Random random(seed_, kListStream, index);
  const std::size_t wanted = std::min(plan_.list.items, shop_.products().size());
  for (std::size_t tries = 0; list.items.size() < wanted && tries < 50 * wanted; ++tries) {
    const std::size_t item = shop_.popular(day.number, random);
    if (std::find(list.items.begin(), list.items.end(), item) == list.items.end()) {
      list.items.push_back(item);
    }
  }
  const auto& products = shop_.products();
  std::sort(list.items.begin(), list.items.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(-products[a].popularity, a) < std::pair(-products[b].popularity, b);
  });
  const std::vector<std::size_t> own = list.items;
  if (random.chance(plan_.list.exploration)) {
    for (std::size_t i = own.size(); i > 1; --i) {
      std::swap(list.items[i - 1], list.items[random.below(i)]);
    }
  }
  const double by_chance = plan_.list.exploration / static_cast<double>(own.size());
  for (std::size_t place = 0; place < own.size(); ++place) {
    const double kept = own[place] == list.items[place] ? 1.0 - plan_.list.exploration : 0.0;
    list.propensities.push_back(std::min(kept + by_chance, 1.0));
  }
  return list;
}

double Trial::click_chance(const Shopper& shopper, std::size_t product, std::size_t place,
                           const Behaviour& behaviour) const {
  const double fit = 1.0 / (1.0 + taste_distance(shopper.taste, shop_.products()[product].taste));
  return std::min(plan_.list.clicks * behaviour.clicks * attention(place) * fit, 1.0);
}

std::vector<SimulatedEvent> Trial::predict(const Shopper& shopper, const Day& day,
                                           const Visit& visit, const Behaviour& behaviour) const {
  std::vector<SimulatedEvent> events;
  base::Random random(seed_, kSessionStream, visit.index);
  simulate_session(shop_, shopper, day, random, events, behaviour);
  base::Random clicks(seed_, kClickStream, visit.index);
  for (std::size_t place = 0; place < visit.list.items.size(); ++place) {
    const std::size_t product = visit.list.items[place];
    if (!clicks.chance(click_chance(shopper, product, place, behaviour))) continue;
    events.push_back({visit.start + 5 + static_cast<std::int64_t>(place),
                      static_cast<std::uint32_t>(product), EventKind::kOther, 0});
  }
  return events;
}

std::vector<std::vector<SimulatedEvent>> Trial::visit(std::uint64_t number, const Shopper& shopper,
                                                      const Day& day, unsigned visits,
                                                      std::vector<ExposureRow>& rows) {
  const json attributes = attributes_of(seed_, number);
  std::vector<Visit> all(visits);
  for (unsigned i = 0; i < visits; ++i) {
    Visit& one = all[i];
    // The first visit of a day is the same as in a shop without experiments.
    one.index = (std::uint64_t{i} << 48U) + number * 4096 + static_cast<std::uint64_t>(day.number);
    base::Random start(seed_, kSessionStream, one.index);
    one.start = session_start(day, start);
    one.variations.assign(courses_.size(), -1);
    base::Random reach(seed_, kReachStream, one.index);
    if (reach.chance(plan_.reach)) {
      for (std::size_t i_experiment = 0; i_experiment < courses_.size(); ++i_experiment) {
        const assignment::Assignment assigned = assignment::assign(
            plan_.experiments[i_experiment],
            {.attributes = attributes, .experiments = &plan_.by_key, .now = one.start * 1000});
        if (assigned.is_drawn()) one.variations[i_experiment] = assigned.variation;
      }
      if (plan_.list.items > 0 && one.variations[0] >= 0) one.list = draw_list(day, one.index);
    }
    one.behaviour = behaviour(one.variations, attributes);
    one.events = predict(shopper, day, one, one.behaviour);
  }
  for (std::size_t experiment = 0; experiment < courses_.size(); ++experiment) {
    count(experiment, number, shopper, day, all, attributes);
    const assignment::Experiment& definition = plan_.experiments[experiment];
    for (const Visit& one : all) {
      const int variation = one.variations[experiment];
      if (variation < 0 || is_lost(experiment, number, variation, attributes)) continue;
      ordered_json row = {
          {"event", "exposure"},
          {"attribute", definition.hash_attribute},
          {"unit", attributes["id"]},
          {"experiment", definition.key},
          {"variation", definition.variation_names[static_cast<std::size_t>(variation)]},
          {"time", one.start * 1000},
          {"bundle", ""}};
      for (const char* segment : kSegments) row[segment] = attributes[segment];
      if (experiment == 0 && !one.list.items.empty()) {
        ordered_json list = {{"slot", plan_.list.slot}, {"items", json::array()}};
        for (std::size_t place = 0; place < one.list.items.size(); ++place) {
          list["items"].push_back(shop_.products()[one.list.items[place]].id);
          list["positions"].push_back(place + 1);
        }
        list["propensities"] = one.list.propensities;
        row["list"] = std::move(list);
      }
      rows.push_back({one.start, row.dump()});
    }
  }
  if (plan_.list.items > 0) value_lists(number, shopper, all);
  std::vector<std::vector<SimulatedEvent>> sessions;
  sessions.reserve(all.size());
  for (Visit& one : all) sessions.push_back(std::move(one.events));
  return sessions;
}

void Trial::count(std::size_t experiment, std::uint64_t number, const Shopper& shopper,
                  const Day& day, const std::vector<Visit>& visits, const json& attributes) {
  Course& course = courses_[experiment];
  std::int64_t& first = course.first[number];
  if (first == 0) {
    for (const Visit& one : visits) {
      if (one.variations[experiment] < 0) continue;
      if (first == 0 || one.start < first) first = one.start;
      course.variation[number] = static_cast<std::int8_t>(one.variations[experiment]);
    }
    if (first == 0) return;
    course.units[static_cast<std::size_t>(course.variation[number])] += 1.0;
    const auto enter = [&](const char* attribute) {
      const std::string name = attribute == nullptr ? "" : attribute;
      const std::string value = name.empty() ? "" : attributes[name].get<std::string>();
      auto group = std::find_if(
          course.groups.begin(), course.groups.end(),
          [&](const Group& known) { return known.attribute == name && known.value == value; });
      if (group == course.groups.end()) {
        Group fresh{.attribute = name, .value = value};
        fresh.sums.assign(course.units.size(), std::vector<double>(kTrialMetricNames.size()));
        group = course.groups.insert(course.groups.end(), std::move(fresh));
      }
      group->units += 1.0;
    };
    enter(nullptr);
    for (const char* segment : kSegments) enter(segment);
  }
  for (std::size_t variation = 0; variation < course.units.size(); ++variation) {
    for (const Visit& one : visits) {
      std::vector<int> variations = one.variations;
      if (variations[experiment] >= 0) variations[experiment] = static_cast<int>(variation);
      const Behaviour other = behaviour(variations, attributes);
      add(course, number, variation, attributes,
          other == one.behaviour ? one.events : predict(shopper, day, one, other));
    }
  }
}

void Trial::add(Course& course, std::uint64_t number, std::size_t variation, const json& attributes,
                const std::vector<SimulatedEvent>& events) const {
  std::array<double, kTrialMetricNames.size()> values{};
  for (const SimulatedEvent& event : events) {
    if (event.time < course.first[number]) continue;
    const std::uint32_t bit = 1U << variation;
    switch (event.kind) {
      case EventKind::kPurchase:
        if ((course.converted[number] & bit) == 0) values[0] = 1.0;
        course.converted[number] |= bit;
        values[1] += event.quantity * (shop_.products()[event.product].price_cents / 100.0);
        break;
      case EventKind::kCart:
        values[2] += 1.0;
        break;
      case EventKind::kView:
        values[3] += 1.0;
        break;
      case EventKind::kOther:
        values[4] += 1.0;
        break;
      default:
        break;
    }
  }
  for (Group& group : course.groups) {
    if (!group.attribute.empty() && attributes[group.attribute] != group.value) continue;
    for (std::size_t i = 0; i < values.size(); ++i) group.sums[variation][i] += values[i];
  }
}

bool Trial::is_lost(std::size_t experiment, std::uint64_t number, int variation,
                    const json& attributes) const {
  double kept = 1.0;
  for (const Effect& effect : plan_.effects) {
    if (effect.experiment != experiment || effect.variation != variation) continue;
    if (!effect.condition.is_null() && !assignment::fulfils(attributes, effect.condition)) continue;
    kept *= 1.0 - effect.lost;
  }
  base::Random random(seed_, kLostStream + experiment, number);
  return random.uniform() >= kept;
}

/// Computes the true reward of the lists as they were shown, and as the valued bundle would order
/// them from the shopper's history, as in a replay.
void Trial::value_lists(std::uint64_t number, const Shopper& shopper,
                        const std::vector<Visit>& visits) {
  for (const Visit& one : visits) {
    for (std::size_t place = 0; place < one.list.items.size(); ++place) {
      logged_value_ += click_chance(shopper, one.list.items[place], place, one.behaviour);
      places_ += 1.0;
    }
  }
  if (judged_ == nullptr) return;
  // In the order of a replay, which knows no other order within a second than this.
  struct Step {
    std::int64_t time;
    bool is_list;
    std::string_view word;
    std::string_view item;
    const SimulatedEvent* event;
    const Visit* visit;
  };
  std::vector<Step> steps;
  for (const Visit& one : visits) {
    if (!one.list.items.empty()) steps.push_back({one.start, true, "", "", nullptr, &one});
    for (const SimulatedEvent& event : one.events) {
      steps.push_back({event.time, false, word_of(event.kind), shop_.products()[event.product].id,
                       &event, nullptr});
    }
  }
  std::ranges::stable_sort(steps, {}, [](const Step& step) {
    return std::tie(step.time, step.is_list, step.word, step.item);
  });
  vitrine::Shopper& history = histories_[number];
  for (const Step& step : steps) {
    const std::int64_t now = 1000 * step.time;
    if (!step.is_list) {
      const auto item = judged_->ids().find(shop_.products()[step.event->product].id);
      if (item) history.record({.item = *item, .kind = step.event->kind}, now);
      continue;
    }
    const std::vector<std::size_t>& shown = step.visit->list.items;
    const std::vector<std::size_t> wanted = page_list(step.visit->list, history, now);
    for (std::size_t place = 0; place < wanted.size(); ++place) {
      judged_value_ += click_chance(shopper, wanted[place], place, step.visit->behaviour);
      if (wanted[place] == shown[place]) ++same_places_;
    }
  }
}

std::vector<std::size_t> Trial::page_list(const List& shown, const vitrine::Shopper& shopper,
                                          std::int64_t now) {
  std::vector<std::uint32_t> items;
  std::vector<std::size_t> known;
  std::vector<std::size_t> unknown;
  for (const std::size_t product : shown.items) {
    if (const auto item = judged_->ids().find(shop_.products()[product].id)) {
      items.push_back(*item);
      known.push_back(product);
    } else {
      unknown.push_back(product);
    }
  }
  ListRequest request = list_;
  request.now = now;
  request.given = items;
  std::vector<std::size_t> list;
  for (const Ranked& ranked : recommender_->list(shopper, request)) {
    const auto at = std::ranges::find(items, ranked.item) - items.begin();
    list.push_back(known[static_cast<std::size_t>(at)]);
  }
  // As in the page, items that the bundle does not have follow those that it has.
  if (!asks_catalog(request.filter)) list.insert(list.end(), unknown.begin(), unknown.end());
  return list;
}

TrialTruth Trial::truth() const {
  TrialTruth out;
  for (std::size_t experiment = 0; experiment < courses_.size(); ++experiment) {
    const Course& course = courses_[experiment];
    const std::vector<std::string>& names = plan_.experiments[experiment].variation_names;
    ExperimentTruth& truth =
        out.experiments.emplace_back(ExperimentTruth{plan_.experiments[experiment].key, {}, {}});
    for (std::size_t i = 0; i < names.size(); ++i) {
      truth.arms.push_back({names[i], static_cast<std::uint64_t>(course.units[i])});
    }
    std::vector<Group> sorted = course.groups;
    std::sort(sorted.begin(), sorted.end(), [](const Group& a, const Group& b) {
      return std::tie(a.attribute, a.value) < std::tie(b.attribute, b.value);
    });
    for (const Group& group : sorted) {
      SegmentTruth& segment = truth.segments.emplace_back(
          SegmentTruth{group.attribute, group.value, static_cast<std::uint64_t>(group.units), {}});
      for (std::size_t i = 0; i < names.size(); ++i) {
        VariationTruth& variation = segment.variations.emplace_back(VariationTruth{names[i]});
        for (std::size_t metric = 0; metric < kTrialMetricNames.size(); ++metric) {
          const double of_control = group.sums[0][metric];
          variation.means[metric] = group.sums[i][metric] / group.units;
          if (i > 0 && of_control > 0.0) {
            variation.lifts[metric] = group.sums[i][metric] / of_control - 1.0;
          }
        }
      }
    }
  }
  if (places_ > 0.0) {
    out.lists = {.places = static_cast<std::uint64_t>(places_), .value = logged_value_ / places_};
    if (judged_ != nullptr) {
      out.lists->value_of_bundle = judged_value_ / places_;
      out.lists->same_places = same_places_;
    }
  }
  return out;
}

}  // namespace vitrine::simulate
