#include "data/record_path.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/database.h"

namespace vitrine::data {

namespace {

using Kind = RecordPath::Step::Kind;

std::vector<RecordPath::Step> parse_steps(std::string_view text) {
  std::vector<RecordPath::Step> steps;
  while (!text.empty()) {
    if (text.front() == '.') text.remove_prefix(1);
    if (text.empty()) break;
    if (text.front() == '[') {
      const std::size_t end = text.find(']');
      const std::string_view inside =
          text.substr(1, end == std::string_view::npos ? text.size() : end - 1);
      const bool digits = !inside.empty() && std::all_of(inside.begin(), inside.end(), [](char c) {
        return c >= '0' && c <= '9';
      });
      steps.push_back({inside.empty() ? Kind::kEach
                       : digits       ? Kind::kIndex
                                      : Kind::kEntry,
                       std::string(inside)});
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    } else {
      const std::size_t end = std::min(text.find_first_of(".["), text.size());
      steps.push_back({Kind::kField, std::string(text.substr(0, end))});
      text.remove_prefix(end);
    }
  }
  return steps;
}

/// Returns a BOOLEAN expression that is true for text that is a JSON object or array.
std::string is_json_sql(const std::string& json) {
  return fmt::format("(left(ltrim({0}), 1) IN ('{{', '[') AND json_valid({0}))", json);
}

}  // namespace

bool RecordPath::has_list() const {
  return std::any_of(steps.begin(), steps.end(),
                     [](const Step& step) { return step.kind == Kind::kEach; });
}

RecordPath parse_path(std::string_view text, std::span<const std::string> columns) {
  std::string_view column;
  for (const std::string& name : columns) {
    if (name == text) return {std::string(text), {}};
    const bool inside = text.starts_with(name) && text.size() > name.size() &&
                        (text[name.size()] == '.' || text[name.size()] == '[');
    if (inside && name.size() > column.size()) column = name;
  }
  if (column.empty()) return {};
  return {std::string(column), parse_steps(text.substr(column.size()))};
}

std::vector<std::string> path_alternatives(std::string_view text,
                                           std::span<const std::string> columns) {
  if (std::find(columns.begin(), columns.end(), text) != columns.end()) return {std::string(text)};
  std::vector<std::string> parts;
  while (true) {
    const std::size_t bar = text.find('|');
    parts.emplace_back(text.substr(0, bar));
    if (bar == std::string_view::npos) return parts;
    text.remove_prefix(bar + 1);
  }
}

std::string json_pointer(std::span<const RecordPath::Step> steps) {
  std::string out;
  for (const RecordPath::Step& step : steps) {
    out += '/';
    for (const char c : step.name) {
      if (c == '~') {
        out += "~0";
      } else if (c == '/') {
        out += "~1";
      } else {
        out += c;
      }
    }
  }
  return out;
}

std::string json_value_sql(const std::string& json, std::span<const RecordPath::Step> steps) {
  if (steps.empty()) return json;
  const auto entry = std::find_if(steps.begin(), steps.end(), [](const RecordPath::Step& step) {
    return step.kind == Kind::kEntry;
  });
  std::string value;
  if (entry == steps.end()) {
    value = fmt::format("json_extract_string({}, {})", json, sql_literal(json_pointer(steps)));
  } else {
    const auto at = static_cast<std::size_t>(entry - steps.begin());
    std::string list =
        fmt::format("json_extract({}, {})", json, sql_literal(json_pointer(steps.first(at))));
    const std::string element = fmt::format(
        "list_filter(json_extract({}, '$[*]'), lambda entry: "
        "json_extract_string(entry, '$.key') = {})[1]",
        list, sql_literal(entry->name));
    value = "coalesce(";
    for (const std::string_view field :
         {"string_value", "int_value", "double_value", "float_value"}) {
      value += fmt::format("json_extract_string({}, '$.value.{}'), ", element, field);
    }
    value += fmt::format("json_extract_string({}, '$.value'))", element);
  }
  return fmt::format("CASE WHEN {} THEN {} END", is_json_sql(json), value);
}

std::string list_sql(const std::string& json, std::span<const RecordPath::Step> steps) {
  const std::string value =
      steps.empty() ? json
                    : fmt::format("CASE WHEN {} THEN json_extract({}, {})::VARCHAR END",
                                  is_json_sql(json), json, sql_literal(json_pointer(steps)));
  const std::string elements =
      "list_transform(json_extract({}, '$[*]'), lambda element: element->>'$')";
  // Python writes lists of texts and of objects with single quotes.
  const std::string python = fmt::format(
      "replace(replace(replace(replace({}, '''', '\"'), 'None', 'null'), 'True', "
      "'true'), 'False', 'false')",
      "v");
  // A lambda names the value once; a subquery would lose the order of the rows.
  return fmt::format(
      "list_transform([{}], lambda v: CASE WHEN v IS NULL OR trim(v) = '' THEN []::VARCHAR[] WHEN "
      "starts_with(ltrim(v), '[') AND json_valid(v) THEN {} WHEN starts_with(ltrim(v), '[') AND "
      "json_valid({}) THEN {} ELSE list_filter(list_transform(string_split_regex(trim(v, ' "
      "[]{{}}()'), CASE WHEN starts_with(ltrim(v), '[') THEN '[\\s,;|]+' ELSE '\\s*[,;|]\\s*' "
      "END), lambda part: trim(part, ' \"''')), lambda part: part <> '') END)[1]",
      value, fmt::format(fmt::runtime(elements), "v"), python,
      fmt::format(fmt::runtime(elements), python));
}

}  // namespace vitrine::data
