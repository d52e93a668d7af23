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

std::string text_of(double number) { return assignment::json_text(json(number)); }

std::string text_of(const assignment::UnitId& unit) {
  return JsonObject().text("attribute", unit.first).text("value", unit.second).finish();
}

std::string text_of(const AssignmentTrace::Check& check) {
  return JsonObject()
      .text("reason", assignment::assignment_word(check.reason))
      .truth("decides", check.decides)
      .finish();
}

std::string text_of(const AssignmentTrace::Draw& draw) {
  std::vector<std::string> ranges;
  for (const BucketRange& range : draw.ranges) {
    ranges.push_back(json_list({text_of(range.start), text_of(range.end)}));
  }
  return JsonObject()
      .text("name", draw.name)
      .json("unit", text_of(draw.unit))
      .text("seed", assignment::utf8(draw.seed))
      .number("hashVersion", draw.hash_version)
      .number("bucket", draw.bucket)
      .json("ranges", json_list(ranges))
      .number("range", draw.range)
      .finish();
}

std::string text_of(const AssignmentTrace::Requirement& requirement) {
  return JsonObject()
      .text("name", requirement.name)
      .json("wanted", assignment::json_text(requirement.wanted))
      .json("found", assignment::json_text(requirement.found))
      .truth("fulfilled", requirement.fulfilled)
      .finish();
}

template <typename Part>
std::string text_of(const std::vector<Part>& parts) {
  std::vector<std::string> texts;
  for (const Part& part : parts) texts.push_back(text_of(part));
  return json_list(texts);
}

std::string refuse(const std::string& sentence) {
  return JsonObject().text("error", sentence).finish();
}

/// Returns a field of an object if it has the type `type`, else the empty value of that type.
json field(const json& object, const char* name, json::value_t type) {
  const auto found = object.find(name);
  return found != object.end() && found->type() == type ? *found : json(type);
}
json object_field(const json& object, const char* name) {
  return field(object, name, json::value_t::object);
}
std::string text_field(const json& object, const char* name) {
  return field(object, name, json::value_t::string).get<std::string>();
}
bool truth_field(const json& object, const char* name, bool fallback) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : fallback;
}

/// Sticky documents as the page stores them: {attributeName, attributeValue, assignments}.
assignment::StickyStore sticky_from(const json& documents) {
  assignment::StickyStore store;
  for (const json& document : documents) {
    if (!document.is_object()) continue;
    auto& kept =
        store[{text_field(document, "attributeName"), text_field(document, "attributeValue")}];
    const json assignments = object_field(document, "assignments");
    for (const auto& [name, key] : assignments.items()) {
      if (key.is_string()) kept[name] = key.get<std::string>();
    }
  }
  return store;
}

assignment::AssignmentContext context_from(const json& given) {
  assignment::AssignmentContext context{
      .attributes = object_field(given, "attributes"),
      .url = text_field(given, "url"),
      .enabled = truth_field(given, "enabled", true),
      .qa_mode = truth_field(given, "qaMode", false),
      .groups = object_field(given, "savedGroups"),
      .features = object_field(given, "features"),
  };
  const json forced = object_field(given, "forcedVariations");
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
  return JsonObject()
      .number("variation", assigned.variation)
      .text("reason", assignment::assignment_word(assigned.reason))
      .json("unit", text_of(assigned.unit))
      .json("checks", text_of(trace.checks))
      .json("draws", text_of(trace.draws))
      .json("requirements", text_of(trace.requirements))
      .finish();
}

}  // namespace vitrine::insights
