#include "insights/assignment_report.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "insights/json_object.h"
#include "vitrine/assignment/assignment.h"
#include "vitrine/assignment/definition_error.h"
#include "vitrine/assignment/utf16.h"

namespace vitrine::insights {
namespace {

using assignment::AssignmentTrace;
using nlohmann::json;

std::string text_of(const assignment::UnitId& unit) {
  return json_object({{"attribute", json_quoted(unit.first)}, {"value", json_quoted(unit.second)}});
}

std::string text_of(const AssignmentTrace::Check& check) {
  return json_object({{"reason", json_quoted(assignment::assignment_word(check.reason))},
                      {"decides", json_text(json(check.decides))}});
}

std::string text_of(const AssignmentTrace::Draw& draw) {
  json ranges = json::array();
  for (const BucketRange& range : draw.ranges) ranges.push_back({range.start, range.end});
  return json_object({{"name", json_quoted(draw.name)},
                      {"unit", text_of(draw.unit)},
                      {"seed", json_quoted(assignment::utf8(draw.seed))},
                      {"hashVersion", json_text(json(draw.hash_version))},
                      {"bucket", json_text(json(draw.bucket))},
                      {"ranges", json_text(ranges)},
                      {"range", json_text(json(draw.range))}});
}

std::string text_of(const AssignmentTrace::Requirement& requirement) {
  return json_object({{"name", json_quoted(requirement.name)},
                      {"wanted", json_text(requirement.wanted)},
                      {"found", json_text(requirement.found)},
                      {"fulfilled", json_text(json(requirement.fulfilled))}});
}

template <typename Part>
std::string text_of(const std::vector<Part>& parts) {
  std::vector<std::string> texts;
  for (const Part& part : parts) texts.push_back(text_of(part));
  return json_list(texts);
}

std::string refuse(const std::string& sentence) {
  return json_object({{"error", json_quoted(sentence)}});
}

/// A field of an object if it has the type of `fallback`, else `fallback`.
json field(const json& object, const char* name, const json& fallback) {
  const auto found = object.find(name);
  return found != object.end() && found->type() == fallback.type() ? *found : fallback;
}

/// Sticky documents as the page stores them: {attributeName, attributeValue, assignments}.
assignment::StickyStore sticky_from(const json& documents) {
  assignment::StickyStore store;
  for (const json& document : documents) {
    if (!document.is_object()) continue;
    auto& kept = store[{field(document, "attributeName", "").get<std::string>(),
                        field(document, "attributeValue", "").get<std::string>()}];
    const json assignments = field(document, "assignments", json::object());
    for (const auto& [name, key] : assignments.items()) {
      if (key.is_string()) kept[name] = key.get<std::string>();
    }
  }
  return store;
}

assignment::AssignmentContext context_from(const json& given) {
  assignment::AssignmentContext context{
      .attributes = field(given, "attributes", json::object()),
      .url = field(given, "url", "").get<std::string>(),
      .enabled = field(given, "enabled", true).get<bool>(),
      .qa_mode = field(given, "qaMode", false).get<bool>(),
      .groups = field(given, "savedGroups", json::object()),
      .features = field(given, "features", json::object()),
  };
  const json forced = field(given, "forcedVariations", json::object());
  for (const auto& [key, variation] : forced.items()) {
    if (variation.is_number_integer()) context.forced[key] = variation.get<int>();
  }
  if (const auto now = given.find("now"); now != given.end() && now->is_number()) {
    context.now = now->get<std::int64_t>();
  }
  return context;
}

}  // namespace

std::string explain_assignment(const std::string& definitions, const std::string& key,
                               const std::string& context) {
  const std::optional<json> list = assignment::json_from(definitions);
  if (!list) return refuse("The definitions are no JSON.");
  if (const auto error = assignment::definition_error(*list)) return refuse(error->text());
  const std::optional<json> given = assignment::json_from(context);
  if (!given || !given->is_object()) return refuse("The context must be an object.");
  const assignment::Experiments experiments = assignment::experiments_from(*list);
  const auto experiment = experiments.find(key);
  if (experiment == experiments.end()) return refuse("No experiment has the key \"" + key + "\".");

  assignment::AssignmentContext asked = context_from(*given);
  asked.experiments = &experiments;
  assignment::StickyStore store;
  if (const auto sticky = given->find("sticky"); sticky != given->end() && sticky->is_array()) {
    store = sticky_from(*sticky);
    asked.sticky = &store;
  }
  AssignmentTrace trace;
  const assignment::Assignment assigned = assign(experiment->second, asked, &trace);
  return json_object({{"variation", json_text(json(assigned.variation))},
                      {"reason", json_quoted(assignment::assignment_word(assigned.reason))},
                      {"unit", text_of(assigned.unit)},
                      {"checks", text_of(trace.checks)},
                      {"draws", text_of(trace.draws)},
                      {"requirements", text_of(trace.requirements)}});
}

}  // namespace vitrine::insights
