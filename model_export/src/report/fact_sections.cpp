#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/progress.h"
#include "data/time_column.h"
#include "report/charts.h"
#include "report/page.h"
#include "report/sections.h"
#include "report/svg.h"

namespace vitrine::report {
namespace {

using nlohmann::json;

/// A value as people read it: text as it is, lists with commas.
std::string plain(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  if (value.is_array()) {
    std::string text;
    for (const json& entry : value) text += (text.empty() ? "" : ", ") + plain(entry);
    return text;
  }
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void add_counts(Table& table, const json& source) {
  const auto count = [&](const char* key, const char* name) {
    if (source.contains(key)) table.add({name, base::with_thousands(source[key])});
  };
  if (source.contains("files")) table.add({"files", escaped(plain(source["files"]))});
  count("events", "events");
  count("refused", "refused rows");
  count("sessions", "sessions");
  if (source.contains("sessions_from")) {
    table.add({"sessions from", escaped(plain(source["sessions_from"]))});
  }
  count("items", "items");
  if (source.value("shoppers", 0ULL) > 0) count("shoppers", "shoppers");
  if (source.contains("first_time")) {
    table.add({"time range", data::format_time(source["first_time"]) + " to " +
                                 data::format_time(source["last_time"]) + " UTC"});
  }
}

/// Objects with the same keys as a table: text first, then numbers.
std::string table_of(const json& rows) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : rows.front().items()) keys.push_back(key);
  const auto place = [&](const std::string& key) {
    return rows.front()[key].is_string() ? 0 : key == "value" ? 1 : 2;
  };
  std::stable_sort(keys.begin(), keys.end(),
                   [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
  std::vector<Table::Column> columns;
  for (const std::string& key : keys) {
    std::string head = key;
    std::replace(head.begin(), head.end(), '_', ' ');
    columns.push_back({head, place(key) > 0});
  }
  Table table(columns);
  for (const json& row : rows) {
    std::vector<std::string> cells;
    for (const std::string& key : keys) {
      const json value = row.value(key, json());
      cells.push_back(place(key) == 2 && value.is_number_float()
                          ? fmt::format("{:.4f}", value.get<double>())
                          : escaped(value.is_null() ? "" : plain(value)));
    }
    table.add(cells);
  }
  return table.finish();
}

std::string name_of(const json& item) {
  if (item.contains("unknown")) return "an item that the bundle does not have";
  return item.value("title", item["id"].get<std::string>());
}

/// Title or id, with what was done to it; below, what else is known.
std::string item_markup(const json& item) {
  std::string out = escaped(name_of(item));
  const std::string kind = item.value("kind", "view");
  if (kind != "view") out += " <small>(" + escaped(kind) + ")</small>";
  std::string more = item.value("category", "");
  if (item.contains("title")) {
    more += (more.empty() ? "" : " · ") + item["id"].get<std::string>();
  }
  if (!more.empty()) out += "<small class=\"more\">" + escaped(more) + "</small>";
  return out;
}

std::string reason_markup(const json& recommended) {
  const json& why = recommended["why"];
  if (why.is_null()) return "";
  std::string words = "popular of late";
  if (why["kind"] != "popular") {
    const bool itself = why["item"]["id"] == recommended["id"];
    words = itself                     ? "seen in this session, and shoppers return to items"
            : why["kind"] == "follows" ? "often after " + name_of(why["item"])
            : why["kind"] == "with"    ? "in sessions with " + name_of(why["item"])
                                       : "similar to " + name_of(why["item"]);
  }
  return "<small class=\"more\">" + escaped(words) + "</small>";
}

std::string article(const json& example, int k) {
  std::string out = "<article>\n<h3>Seen, oldest first</h3>\n";
  const std::uint64_t earlier = example["earlier"];
  out += fmt::format("<ol start=\"{}\">", earlier + 1);
  for (const json& item : example["history"]) {
    out += "<li>" + item_markup(item) + "</li>\n";
  }
  out += "</ol>\n<h3>Recommended</h3>\n<ol>";
  for (const json& item : example["recommended"]) {
    out += fmt::format("<li{}>{}{}</li>\n", item["hit"] ? " class=\"hit\"" : "", item_markup(item),
                       reason_markup(item));
  }
  const int rank = example["rank"];
  out += "</ol>\n<h3>Then came</h3>\n<p class=\"outcome\">" + item_markup(example["next"]);
  out += rank > 0 ? fmt::format("<span class=\"yes\">✓ place {}</span>", rank)
                  : fmt::format("<span class=\"no\">✗ not among the first {}</span>", k);
  return out + "</p>\n</article>\n";
}

}  // namespace

std::string data_section(const json& result) {
  std::string body;
  const json training = result.value("training", json::object());
  if (result.contains("source")) {
    Table table({{""}, {""}});
    add_counts(table, result["source"]);
    body += table.finish();
  }
  if (result.value("command", "") == "evaluate" && training.contains("source")) {
    Table table({{""}, {""}});
    add_counts(table, training["source"]);
    body += "<h3>The bundle was trained on</h3>\n" + table.finish();
  }
  return section("Data", "", body);
}

std::string rules_section(const json& result) {
  if (!result.contains("rules")) return "";
  const json& rules = result["rules"];
  Table table({{""}, {""}});
  if (result.contains("split")) {
    table.add({"split", escaped(plain(result["split"]["name"]))});
    table.add({"test part", escaped(plain(result["split"]["test"]))});
  }
  if (result.contains("test")) {
    table.add({"tested on", base::with_thousands(result["test"]["events"]) + " events of " +
                                base::with_thousands(result["test"]["sessions"]) + " sessions"});
  }
  table.add({"predicted", escaped(plain(rules["target"]))});
  table.add({"ranked", escaped(plain(rules["ranking"])) + ", nothing sampled"});
  table.add({"length of a list", std::to_string(result["k"].get<int>())});
  table.add({"repeats", rules["repeats"] ? "allowed" : "items of the session left out"});
  table.add({"current item", rules["drop_current"] ? "left out" : "may be recommended"});
  table.add({"unknown items", fmt::format("{} predictions of items that the bundle does not have, "
                                          "counted as misses",
                                          base::with_thousands(result["unknown_targets"]))});
  return section("Split and rules", "Do not compare numbers that were made with other rules.",
                 table.finish());
}

std::string examples_section(const json& result) {
  if (!result.contains("examples") || result["examples"].empty()) return "";
  std::string body = "<div class=\"examples\">\n";
  for (const json& example : result["examples"]) body += article(example, result["k"]);
  return section("Examples",
                 "Sessions taken at equal distances from the test part, whatever their result. "
                 "Each shows the items that the shopper saw, the recommendations of the model with "
                 "reasons, and the next item.",
                 body + "</div>\n");
}

std::string card_section(const json& result) {
  const json card = result.value("training", json::object()).value("card", json::object());
  if (card.empty()) return "";
  Table table({{""}, {""}});
  if (card.contains("use")) table.add({"use", escaped(plain(card["use"]))});
  if (card.contains("trained_to")) {
    table.add(
        {"trained on", escaped(plain(card["trained_from"]) + " to " + plain(card["trained_to"]))});
  }
  const json held_out = card.value("held_out", json());
  if (held_out.is_object()) {
    table.add({"held out", fmt::format("hit rate {:.4f}, MRR {:.4f}; chosen by {}",
                                       held_out.value("hit_rate", 0.0), held_out.value("mrr", 0.0),
                                       escaped(held_out.value("rule", "")))});
  }
  for (const json& limit : card.value("limits", json::array())) {
    table.add({"limit", escaped(plain(limit))});
  }
  return section("The bundle", "", table.finish());
}

std::string settings_section(const json& result) {
  const json settings = result.value("training", json::object()).value("settings", json::object());
  if (settings.empty()) return "";
  Table table({{""}, {""}});
  for (const auto& [group, values] : settings.items()) {
    std::string all;
    for (const auto& [name, value] : values.items()) {
      all += fmt::format("{}{} {}", all.empty() ? "" : ", ", name,
                         value.is_array() ? fmt::format("[{}]", plain(value)) : plain(value));
    }
    table.add({escaped(group), escaped(all)});
  }
  return section("Settings", "", table.finish());
}

std::string choice_section(const json& result) {
  const json training = result.value("training", json::object());
  const json choice = training.value("choice", json::object());
  if (choice.empty()) return "";
  Table facts({{""}, {""}});
  std::string tables;
  for (const json& reason :
       training.value("first_visit", json::object()).value("reasons", json::array())) {
    facts.add({"", escaped(plain(reason))});
  }
  for (const auto& [key, value] : choice.items()) {
    if (value.is_array() && !value.empty() && value.front().is_object()) tables += table_of(value);
    if (key == "reasons") {
      for (const json& reason : value) facts.add({"", escaped(plain(reason))});
    }
    if (value.is_structured()) continue;
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    facts.add({escaped(name), escaped(plain(value))});
  }
  return section("How settings were chosen", "", facts.finish() + tables);
}

}  // namespace vitrine::report
