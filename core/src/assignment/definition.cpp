#include "vitrine/assignment/definition.h"

#include <chrono>

#include "vitrine/assignment/utf16.h"

namespace vitrine::assignment {
namespace {

using nlohmann::json;

/// Returns a field of an object, or null when it is missing.
const json& field(const json& object, const char* name) {
  static const json none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

/// Returns a field with a non-empty text, or an empty text.
std::string name_in(const json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Reads a field into `to` unless it is missing.
template <typename T>
void read(const json& entry, const char* name, T& to) {
  const json& value = field(entry, name);
  if (!value.is_null()) to = value.get<T>();
}

std::vector<BucketRange> ranges_from(const json& list) {
  std::vector<BucketRange> ranges;
  for (const json& range : list) ranges.push_back({.start = range[0], .end = range[1]});
  return ranges;
}

void read_variations(const json& entry, Experiment& experiment) {
  const json& meta = field(entry, "meta");
  for (std::size_t i = 0; i < entry["variations"].size(); ++i) {
    const json& variation = entry["variations"][i];
    const json own = i < meta.size() ? meta[i] : json::object();
    std::string key = name_in(own, "key");
    if (key.empty()) key = std::to_string(i);
    std::string name = name_in(own, "name");
    if (name.empty()) name = variation.is_string() ? variation.get<std::string>() : key;
    experiment.variations.push_back(variation);
    experiment.variation_keys.push_back(key);
    experiment.variation_names.push_back(name);
  }
}

void read_targeting(const json& entry, Experiment& experiment) {
  if (const json& part = field(entry, "namespace"); !part.is_null()) {
    experiment.part = {.id = utf16(part[0].get<std::string>()), .start = part[1], .end = part[2]};
  }
  if (const json& filters = field(entry, "filters"); !filters.is_null()) {
    experiment.filters.emplace();
    for (const json& one : filters) {
      BucketFilter filter{.seed = utf16(one["seed"].get<std::string>()),
                          .ranges = ranges_from(one["ranges"])};
      if (std::string const name = name_in(one, "attribute"); !name.empty())
        filter.attribute = name;
      const json& version = field(one, "hashVersion");
      if (version == 1 || version == 2) filter.hash_version = version;
      experiment.filters->push_back(std::move(filter));
    }
  }
  experiment.condition = field(entry, "condition");
  for (const json& parent : field(entry, "parentConditions")) {
    experiment.parents.emplace_back(parent["id"], parent["condition"]);
  }
}

}  // namespace

std::optional<std::int64_t> parse_utc(const std::string& text) {
  const std::string form = text.size() == 10 ? "dddd-dd-dd" : "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == 'd' ? !digit : text[i] != form[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t length) {
    return at < text.size() ? std::stoi(text.substr(at, length)) : 0;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59) {
    return std::nullopt;
  }
  const auto time = std::chrono::sys_days(date) + std::chrono::hours(number(11, 2)) +
                    std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2));
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Experiment experiment_from(const json& entry) {
  Experiment experiment;
  std::string seed;
  read(entry, "key", experiment.key);
  read(entry, "seed", seed);
  experiment.seed = utf16(seed.empty() ? experiment.key : seed);
  read(entry, "hashVersion", experiment.hash_version);
  read(entry, "hashAttribute", experiment.hash_attribute);
  read(entry, "fallbackAttribute", experiment.fallback_attribute);
  read_variations(entry, experiment);
  read(entry, "coverage", experiment.coverage);
  for (const json& step : field(entry, "ramp")) {
    experiment.ramp.push_back(
        {.from = parse_utc(step["from"]).value_or(0), .coverage = step["coverage"]});
  }
  read(entry, "weights", experiment.weights);
  experiment.ranges = ranges_from(field(entry, "ranges"));
  read_targeting(entry, experiment);
  read(entry, "holdout", experiment.holdout);
  if (const json& force = field(entry, "force"); !force.is_null()) experiment.force = force;
  read(entry, "active", experiment.active);
  const json& status = field(entry, "status");
  if (status == "draft") experiment.status = ExperimentStatus::kDraft;
  if (status == "stopped") experiment.status = ExperimentStatus::kStopped;
  read(entry, "bucketVersion", experiment.bucket_version);
  read(entry, "minBucketVersion", experiment.min_bucket_version);
  bool disabled = false;
  read(entry, "disableStickyBucketing", disabled);
  experiment.sticky = !disabled;
  if (const json& bandit = field(entry, "bandit"); !bandit.is_null()) {
    experiment.bandit = {.thompson = bandit["method"] == "thompson"};
    read(bandit, "priors", experiment.bandit->priors);
    read(bandit, "epsilon", experiment.bandit->epsilon);
    read(bandit, "hours", experiment.bandit->hours);
  }
  return experiment;
}

Experiments experiments_from(const json& list) {
  Experiments experiments;
  for (const json& entry : list) {
    Experiment experiment = experiment_from(entry);
    std::string key = experiment.key;
    experiments.emplace(std::move(key), std::move(experiment));
  }
  return experiments;
}

}  // namespace vitrine::assignment
