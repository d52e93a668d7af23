#include "replay/replay.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/json.h"
#include "data/event_kind.h"
#include "replay/estimate_json.h"
#include "vitrine/format/content_hash.h"

namespace vitrine::replay {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestList = 1000;

using Row = model::UnitRow;

/// A list as it was shown.
struct ShownList {
  std::vector<std::string> items;
  std::vector<std::size_t> positions;  // from 0
  std::vector<double> propensities;
};

/// One place of a list.
struct Place {
  int half = 0;  // of the units
  std::size_t unit = 0;
  std::size_t position = 0;
  std::string shown;
  std::string wanted;  // what the bundle puts there; empty: nothing
  double propensity = 1.0;
  double reward = 0.0;
};

/// Nothing when the list cannot be used.
std::optional<ShownList> parse_list(const std::string& text, std::string& slot) {
  const json list = base::try_json(text).value_or(nullptr);
  if (!list.is_object()) return std::nullopt;
  slot = list.contains("slot") && list["slot"].is_string() ? list["slot"].get<std::string>() : "";
  const auto all = [](const json& values, const auto& fits) {
    return values.is_array() && std::all_of(values.begin(), values.end(), fits);
  };
  const json items = list.value("items", json());
  if (!all(items, [](const json& one) { return one.is_string(); }) || items.empty() ||
      items.size() > kLongestList) {
    return std::nullopt;
  }
  ShownList shown{
      .items = items.get<std::vector<std::string>>(), .positions = {}, .propensities = {}};
  const std::size_t count = items.size();
  const json positions = list.value("positions", json());
  const json propensities = list.value("propensities", json());
  for (std::size_t i = 0; i < count; ++i) shown.positions.push_back(i);
  shown.propensities.assign(count, 1.0);
  if (!positions.is_null()) {
    const bool fits = all(positions, [](const json& one) {
      return one.is_number_unsigned() && one >= 1 && one <= kLongestList;
    });
    if (!fits || positions.size() != count) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i)
      shown.positions[i] = positions[i].get<std::size_t>() - 1;
  }
  if (!propensities.is_null()) {
    const bool fits = all(
        propensities, [](const json& one) { return one.is_number() && one > 0.0 && one <= 1.0; });
    if (!fits || propensities.size() != count) return std::nullopt;
    shown.propensities = propensities.get<std::vector<double>>();
  }
  return shown;
}

/// Predicts the mean reward by place and item. With little data it is close to the mean of the
/// place and of all places.
class RewardModel {
 public:
  void learn(const Place& place) {
    add(all_, place.reward);
    add(positions_[place.position], place.reward);
    add(items_[place.shown], place.reward);
  }
  [[nodiscard]] double predict(std::size_t position, const std::string& item) const {
    if (item.empty()) return 0.0;
    const double mean = smooth(all_, 0.0, 1.0);
    const double here = smooth(find(positions_, position), mean, kPull);
    // The model assumes that an item is better than the mean by the same factor at all places.
    const double factor = mean > 0.0 ? smooth(find(items_, item), mean, kPull) / mean : 1.0;
    return std::min(here * factor, 1.0);
  }

 private:
  struct Mean {
    double sum = 0.0;
    double count = 0.0;
  };
  static constexpr double kPull = 20.0;  // observations that the mean counts for
  static void add(Mean& mean, double reward) {
    mean.sum += reward;
    mean.count += 1.0;
  }
  static double smooth(const Mean& mean, double towards, double pull) {
    return (mean.sum + pull * towards) / (mean.count + pull);
  }
  template <typename Map, typename Key>
  static Mean find(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? Mean{} : found->second;
  }

  Mean all_;
  std::map<std::size_t, Mean> positions_;
  std::map<std::string, Mean> items_;
};

/// Replays the rows of one unit after another.
class Replayer {
 public:
  Replayer(const Bundle& bundle, const ReplayOptions& options, Replay& result)
      : bundle_(bundle),
        options_(options),
        result_(result),
        names_(bundle.ids()),
        recommender_(bundle) {
    const EventKind kind = data::event_kind(options.reward);
    if (kind != EventKind::kOther) reward_kind_ = kind;
  }

  /// `rows` are those of one unit in the order of time.
  void play(const std::string& unit, const std::vector<Row>& rows) {
    const auto bytes = std::as_bytes(std::span(unit.data(), unit.size()));
    const int half = static_cast<int>(content_hash(bytes) & 1U);
    Shopper shopper(bundle_.settings().session_gap);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row& row = rows[i];
      if (row.word == "exposure") {
        if (!row.list.empty()) show(rows, i, shopper, half);
        continue;
      }
      const auto item = bundle_.ids().find(row.item);
      if (item) shopper.record({.item = *item, .kind = row.kind}, 1000 * row.time);
    }
    ++units_;
  }

  [[nodiscard]] const std::vector<Place>& places() const { return places_; }
  [[nodiscard]] std::size_t units() const { return units_; }

 private:
  void show(const std::vector<Row>& rows, std::size_t at, const Shopper& shopper, int half) {
    std::string slot;
    const std::optional<ShownList> list = parse_list(rows[at].list, slot);
    if (list && !options_.slot.empty() && slot != options_.slot) return;
    if (!list) {
      ++result_.unusable_lists;
      return;
    }
    ++result_.lists;
    const std::vector<std::string> wanted = page_list(*list, shopper, 1000 * rows[at].time);
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      const std::size_t position = list->positions[i];
      places_.push_back({.half = half,
                         .unit = units_,
                         .position = position,
                         .shown = list->items[i],
                         .wanted = position < wanted.size() ? wanted[position] : "",
                         .propensity = list->propensities[i],
                         .reward = is_rewarded(rows, at, list->items[i]) ? 1.0 : 0.0});
    }
  }

  /// The list that a page with the bundle shows at `now` in the place of `shown`. As in the page,
  /// re-ranked items that the bundle does not have follow those that it has.
  std::vector<std::string> page_list(const ShownList& shown, const Shopper& shopper,
                                     std::int64_t now) {
    std::vector<std::uint32_t> known;
    std::vector<std::string> unknown;
    for (const std::string& id : shown.items) {
      if (const auto item = bundle_.ids().find(id)) {
        known.push_back(*item);
      } else {
        unknown.push_back(id);
      }
    }
    result_.unknown_items += unknown.size();
    ListRequest request = options_.list;
    request.now = now;
    request.given = known;
    if (request.mode != ListMode::kRerank) {
      request.limit = *std::ranges::max_element(shown.positions) + 1;
    }
    std::vector<std::string> ids;
    std::array<char, layout::kMaxIdBytes> text;
    for (const Ranked& one : recommender_.list(shopper, request)) {
      ids.emplace_back(names_.id_of(one.item, text));
    }
    if (request.mode == ListMode::kRerank && !asks_catalog(request.filter)) {
      ids.insert(ids.end(), unknown.begin(), unknown.end());
    }
    return ids;
  }

  [[nodiscard]] bool is_rewarded(const std::vector<Row>& rows, std::size_t at,
                                 const std::string& item) const {
    for (std::size_t i = at + 1; i < rows.size(); ++i) {
      const Row& row = rows[i];
      if (row.time >= rows[at].time + options_.window) break;
      const bool counts = reward_kind_ ? row.kind == *reward_kind_ : row.word == options_.reward;
      if (counts && row.word != "exposure" && row.item == item) return true;
    }
    return false;
  }

  const Bundle& bundle_;
  const ReplayOptions& options_;
  Replay& result_;
  ItemNames names_;
  Recommender recommender_;
  std::optional<EventKind> reward_kind_;
  std::vector<Place> places_;
  std::size_t units_ = 0;
};

}  // namespace

Replay replay(const model::UnitHistories& units, const Bundle& bundle,
              const ReplayOptions& options) {
  Replay result;
  Replayer replayer(bundle, options, result);
  units([&replayer](const std::string& unit, const std::vector<Row>& rows) {
    replayer.play(unit, rows);
  });

  std::array<RewardModel, 2> models;
  for (const Place& place : replayer.places()) models[1 - place.half].learn(place);
  stats::OffPolicy policy;
  std::size_t cluster = 0;
  for (const Place& place : replayer.places()) {
    if (place.unit != cluster) policy.end_cluster();
    cluster = place.unit;
    if (place.shown == place.wanted) ++result.same_places;
    const RewardModel& model = models[place.half];
    policy.add({.reward = place.reward,
                .propensity = place.propensity,
                .target = place.shown == place.wanted ? 1.0 : 0.0,
                .predicted = model.predict(place.position, place.shown),
                .predicted_target = model.predict(place.position, place.wanted)});
  }
  policy.end_cluster();
  result.estimate = policy.estimate(options.alpha);
  return result;
}

std::string support_words(stats::SupportProblem problem) {
  using enum stats::SupportProblem;
  switch (problem) {
    case kNone:
      return "";
    case kNoDecisions:
      return "fewer than two units have lists that can be used; log exposures with \"list\": "
             "items, "
             "positions and propensities";
    case kNotExplored:
      return "every propensity is 1: there was no exploration, so the log has no information about "
             "other lists; show lists with some exploration and log its probabilities";
    case kMissing:
      return "the bundle puts items at places where the log never had them, so their reward is "
             "unknown; explore among more items, or replay with --rerank";
    case kTooFew:
      return "the effective sample is below 100 places that agree with the bundle; log for a "
             "longer time or explore more";
  }
  return "";
}

void to_json(nlohmann::json& out, const Replay& replay) {
  const stats::OffPolicyEstimate& estimate = replay.estimate;
  out = {{"command", "replay"},
         {"units", estimate.clusters},
         {"lists", replay.lists},
         {"unusable_lists", replay.unusable_lists},
         {"unknown_items", replay.unknown_items},
         {"places", estimate.decisions},
         {"same_places", replay.same_places},
         {"explored_places", estimate.explored},
         {"logged_value", estimate.logged_value}};
  put_estimate(out, estimate, support_words);
}

}  // namespace vitrine::replay
