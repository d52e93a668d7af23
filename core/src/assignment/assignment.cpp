#include "vitrine/assignment/assignment.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "vitrine/assignment/condition.h"
#include "vitrine/assignment/script_value.h"
#include "vitrine/assignment/utf16.h"

namespace vitrine::assignment {
namespace {

using nlohmann::json;

/// Returns an attribute as the id of a unit; a value that is false in JavaScript gives none.
std::string id_of(const json& attributes, const std::string& name) {
  if (!attributes.is_object() || !attributes.contains(name)) return {};
  return script_truth(attributes[name]) ? script_text(attributes[name]) : std::string();
}

std::string sticky_key(const Experiment& experiment, int version) {
  return experiment.key + "__" + std::to_string(version);
}

struct Kept {
  int variation = -1;
  bool blocked = false;
};

/// Returns the stored assignment of one of `units`; the last unit is tried first.
Kept kept_variation(const StickyStore& store, const Experiment& experiment,
                    const std::vector<UnitId>& units) {
  std::map<std::string, std::string> assignments;
  for (const UnitId& unit : units) {
    const auto found = store.find(unit);
    if (found == store.end()) continue;
    for (const auto& [key, value] : found->second) assignments[key] = value;
  }
  for (int version = 0; version < experiment.min_bucket_version; ++version) {
    if (assignments.contains(sticky_key(experiment, version))) return {.blocked = true};
  }
  const auto found = assignments.find(sticky_key(experiment, experiment.bucket_version));
  if (found == assignments.end()) return {};
  const auto& keys = experiment.variation_keys;
  const auto at = std::find(keys.begin(), keys.end(), found->second);
  return {.variation = at == keys.end() ? -1 : static_cast<int>(at - keys.begin())};
}

bool is_held_out(const Experiment& experiment, const AssignmentContext& context) {
  if (experiment.holdout.empty()) return false;
  if (context.experiments == nullptr) return true;
  const auto found = context.experiments->find(experiment.holdout);
  if (found == context.experiments->end()) return true;
  Experiment group = found->second;
  group.holdout.clear();
  return assign(group, context).variation == 0;
}

/// Draws a unit's place among `ranges`. Returns the first range that holds it, or -1.
int draw(AssignmentTrace::Draw draw, AssignmentTrace* trace) {
  draw.range = choose_variation(draw.bucket, draw.ranges);
  const int range = draw.range;
  if (trace != nullptr) trace->draws.push_back(std::move(draw));
  return range;
}

bool is_in_namespace(const NamespaceRange& part, const UnitId& unit, AssignmentTrace* trace) {
  return draw({.name = "namespace",
               .unit = unit,
               .seed = part.id,
               .hash_version = 1,
               .bucket = namespace_bucket(utf16(unit.second), part.id),
               .ranges = {{.start = part.start, .end = part.end}}},
              trace) >= 0;
}

bool is_filtered(const Experiment& experiment, const UnitId& unit, const json& attributes,
                 AssignmentTrace* trace) {
  if (!experiment.filters) {
    return experiment.part && !is_in_namespace(*experiment.part, unit, trace);
  }
  return !std::all_of(experiment.filters->begin(), experiment.filters->end(),
                      [&](const BucketFilter& filter) {
                        const std::string other = id_of(attributes, filter.attribute);
                        if (other.empty()) return false;
                        const auto place = bucket(filter.seed, utf16(other), filter.hash_version);
                        return place && draw({.name = "filter",
                                              .unit = {filter.attribute, other},
                                              .seed = filter.seed,
                                              .hash_version = filter.hash_version,
                                              .bucket = place.value_or(0.0),
                                              .ranges = filter.ranges},
                                             trace) >= 0;
                      });
}

/// Notes each field of the condition by itself, also behind one that is not fulfilled.
void note_condition(const Experiment& experiment, const AssignmentContext& context,
                    AssignmentTrace& trace) {
  for (const auto& [name, wanted] : experiment.condition.items()) {
    trace.requirements.push_back(
        {.name = name,
         .wanted = wanted,
         .found = name.starts_with('$') ? json() : attribute_at(context.attributes, name),
         .fulfilled = fulfils(context.attributes, {{name, wanted}}, context.groups)});
  }
}

bool is_targeted(const Experiment& experiment, const AssignmentContext& context,
                 AssignmentTrace* trace) {
  if (trace != nullptr) note_condition(experiment, context, *trace);
  if (!experiment.condition.is_null() &&
      !fulfils(context.attributes, experiment.condition, context.groups)) {
    return false;
  }
  return std::all_of(experiment.parents.begin(), experiment.parents.end(), [&](const auto& parent) {
    const json value = context.features.value(parent.first, json());
    const bool fulfilled = fulfils({{"value", value}}, parent.second, context.groups);
    if (trace != nullptr) {
      trace->requirements.push_back({parent.first, parent.second, value, fulfilled});
    }
    return fulfilled;
  });
}

/// The buckets of each variation at a time.
std::vector<BucketRange> variation_ranges(const Experiment& experiment, std::int64_t now) {
  if (!experiment.ranges.empty()) return experiment.ranges;
  double coverage = experiment.ramp.empty() ? experiment.coverage : 0.0;
  for (const RampStep& step : experiment.ramp) {
    if (step.from <= now) coverage = step.coverage;
  }
  std::vector<BucketRange> ranges(experiment.variations.size());
  bucket_ranges(coverage, experiment.weights, ranges);
  return ranges;
}

}  // namespace

std::string_view assignment_word(AssignmentReason reason) {
  static constexpr std::array<std::string_view, 15> kWords = {
      "assigned", "sticky",    "url",          "forced",   "too-few-variations",
      "disabled", "inactive",  "qa",           "no-unit",  "holdout",
      "filtered", "condition", "hash-version", "coverage", "blocked"};
  return kWords[static_cast<std::size_t>(reason)];
}

std::optional<int> query_string_override(std::string_view key, std::string_view url, int count) {
  const std::size_t mark = url.find('?');
  if (mark == std::string_view::npos) return std::nullopt;
  std::string_view query = url.substr(mark + 1);
  query = query.substr(0, query.find_first_of("?#"));
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    if (part.substr(0, equals) != key) continue;
    const std::string value(part.substr(std::min(equals + 1, part.size())));
    // As parseInt: reads the digits at the start of the text.
    char* end = nullptr;
    const long number = std::strtol(value.c_str(), &end, 10);
    if (end == value.c_str() || number < 0 || number >= count) return std::nullopt;
    return static_cast<int>(number);
  }
  return std::nullopt;
}

Assignment assign(const Experiment& experiment, const AssignmentContext& context,
                  AssignmentTrace* trace) {
  using enum AssignmentReason;
  StickyStore* const sticky = experiment.sticky ? context.sticky : nullptr;
  std::vector<UnitId> units;
  for (const std::string& name : {experiment.fallback_attribute, experiment.hash_attribute}) {
    if (name.empty() || (sticky == nullptr && name != experiment.hash_attribute)) continue;
    std::string id = id_of(context.attributes, name);
    if (!id.empty()) units.emplace_back(name, std::move(id));
  }
  const UnitId unit = units.empty() ? UnitId(experiment.hash_attribute, "") : units.back();
  const int count = static_cast<int>(experiment.variations.size());
  // Each check is noted by the reason that it gives where it decides.
  const auto decides = [trace](AssignmentReason reason, bool holds) {
    if (trace != nullptr) trace->checks.push_back({reason, holds});
    return holds;
  };
  const auto answer = [&](int variation, AssignmentReason reason) {
    const bool inside = variation >= 0 && variation < count;
    return Assignment{.variation = inside ? variation : -1, .reason = reason, .unit = unit};
  };
  const auto nobody = [&](AssignmentReason reason) { return answer(-1, reason); };

  if (decides(kTooFewVariations, count < 2)) return nobody(kTooFewVariations);
  if (decides(kDisabled, !context.enabled)) return nobody(kDisabled);
  const auto asked = query_string_override(experiment.key, context.url, count);
  if (decides(kUrl, asked.has_value())) return answer(asked.value_or(-1), kUrl);
  const auto forced = context.forced.find(experiment.key);
  if (decides(kForced, forced != context.forced.end())) return answer(forced->second, kForced);
  const bool inactive = !experiment.active || experiment.status == ExperimentStatus::kDraft;
  if (decides(kInactive, inactive)) return nobody(kInactive);
  if (decides(kNoUnit, unit.second.empty())) return nobody(kNoUnit);
  if (decides(kHoldout, is_held_out(experiment, context))) return nobody(kHoldout);

  const Kept kept = sticky == nullptr ? Kept{} : kept_variation(*sticky, experiment, units);
  if (kept.variation < 0) {
    const bool filtered = is_filtered(experiment, unit, context.attributes, trace);
    if (decides(kFiltered, filtered)) return nobody(kFiltered);
    const bool targeted = is_targeted(experiment, context, trace);
    if (decides(kCondition, !targeted)) return nobody(kCondition);
  }
  const auto place = bucket(experiment.seed, utf16(unit.second), experiment.hash_version);
  if (decides(kHashVersion, !place)) return nobody(kHashVersion);
  if (decides(kBlocked, kept.blocked)) return nobody(kBlocked);
  const int variation = kept.variation >= 0
                            ? kept.variation
                            : draw({.name = "variation",
                                    .unit = unit,
                                    .seed = experiment.seed,
                                    .hash_version = experiment.hash_version,
                                    .bucket = place.value_or(0.0),
                                    .ranges = variation_ranges(experiment, context.now)},
                                   trace);
  if (decides(kCoverage, variation < 0)) return nobody(kCoverage);
  if (decides(kForced, experiment.force.has_value()))
    return answer(experiment.force.value_or(-1), kForced);
  if (decides(kQa, context.qa_mode)) return nobody(kQa);
  if (decides(kInactive, experiment.status == ExperimentStatus::kStopped)) return nobody(kInactive);
  if (sticky != nullptr) {
    (*sticky)[unit][sticky_key(experiment, experiment.bucket_version)] =
        experiment.variation_keys[static_cast<std::size_t>(variation)];
  }
  const AssignmentReason reason = kept.variation >= 0 ? kSticky : kAssigned;
  decides(reason, true);
  return answer(variation, reason);
}

}  // namespace vitrine::assignment
