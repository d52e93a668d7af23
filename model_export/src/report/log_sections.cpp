#include <fmt/format.h>

#include <vector>

#include "base/progress.h"
#include "data/event_kind.h"
#include "data/time_column.h"
#include "report/page.h"
#include "report/sections.h"
#include "report/svg.h"

namespace vitrine::report {
namespace {

using recommend::SettingsChoice;
using recommend::TrainingRecord;

std::string log_table(const data::LogSummary& log) {
  Table table({{""}, {""}});
  table.add({"files", escaped(fmt::format("{}", fmt::join(log.files, ", ")))});
  table.add({"events", base::with_thousands(log.events)});
  table.add({"refused rows", base::with_thousands(log.refused)});
  table.add({"sessions", base::with_thousands(log.sessions)});
  table.add({"sessions from", escaped(log.sessions_from)});
  table.add({"items", base::with_thousands(log.items)});
  if (log.shoppers > 0) table.add({"shoppers", base::with_thousands(log.shoppers)});
  table.add({"time range", data::format_time(log.first_time) + " to " +
                               data::format_time(log.last_time) + " UTC"});
  return table.finish();
}

std::string tried_table(const std::vector<recommend::TriedSetting>& tried) {
  Table table({{"setting"}, {"value", true}, {"hit rate", true}, {"mrr", true}, {"score", true}});
  for (const recommend::TriedSetting& one : tried) {
    table.add({escaped(one.setting), fmt::format("{:.6g}", one.value),
               fmt::format("{:.4f}", one.score.hit_rate), fmt::format("{:.4f}", one.score.mrr),
               fmt::format("{:.4f}", one.score.sum())});
  }
  return table.finish();
}

std::string name_of(const ExampleItem& item) {
  if (!item.known) return "an item that the bundle does not have";
  return item.title.value_or(item.id);
}

/// Makes the markup of an item: title or id with its event, and below the other attributes.
std::string item_markup(const ExampleItem& item, EventKind kind = EventKind::kView) {
  std::string out = escaped(name_of(item));
  if (kind != EventKind::kView) {
    const std::string_view word = data::kEventKindNames[static_cast<std::size_t>(kind)];
    out += " <small>(" + escaped(word) + ")</small>";
  }
  std::string more = item.category;
  if (item.title) more += (more.empty() ? "" : " · ") + item.id;
  if (!more.empty()) out += "<small class=\"more\">" + escaped(more) + "</small>";
  return out;
}

std::string reason_words(const ExampleRecommendation& one) {
  if (one.reason == ReasonKind::kPopularity) return "popular of late";
  if (one.because_of.id == one.item.id) return "seen in this session, and shoppers return to items";
  switch (one.reason) {
    case ReasonKind::kSessionRow:
      return "often after " + name_of(one.because_of);
    case ReasonKind::kNeighbours:
      return "in sessions with " + name_of(one.because_of);
    default:
      return "similar to " + name_of(one.because_of);
  }
}

std::string reason_markup(const ExampleRecommendation& one) {
  if (one.reason == ReasonKind::kOther || one.reason == ReasonKind::kRule) return "";
  return "<small class=\"more\">" + escaped(reason_words(one)) + "</small>";
}

std::string article(const Example& example, std::size_t k) {
  std::string out = "<article>\n<h3>Seen, oldest first</h3>\n";
  out += fmt::format("<ol start=\"{}\">", example.earlier + 1);
  for (const ExampleEvent& event : example.history) {
    out += "<li>" + item_markup(event.item, event.kind) + "</li>\n";
  }
  out += "</ol>\n<h3>Recommended</h3>\n<ol>";
  for (const ExampleRecommendation& one : example.recommended) {
    out += fmt::format("<li{}>{}{}</li>\n", one.hit ? " class=\"hit\"" : "", item_markup(one.item),
                       reason_markup(one));
  }
  out += "</ol>\n<h3>Then came</h3>\n<p class=\"outcome\">" +
         item_markup(example.next.item, example.next.kind);
  out += example.rank > 0 ? fmt::format("<span class=\"yes\">✓ place {}</span>", example.rank)
                          : fmt::format("<span class=\"no\">✗ not among the first {}</span>", k);
  return out + "</p>\n</article>\n";
}

}  // namespace

std::string data_section(const Report& report) {
  std::string body;
  if (report.source) body += log_table(*report.source);
  if (report.kind == Report::Kind::kEvaluation && report.training.source) {
    body += "<h3>The bundle was trained on</h3>\n" + log_table(*report.training.source);
  }
  return section("Data", "", body);
}

std::string rules_section(const Report& report) {
  if (!report.judgement) return "";
  const recommend::Judgement& judgement = *report.judgement;
  const recommend::EvaluationOptions& rules = judgement.rules;
  Table table({{""}, {""}});
  if (report.split) {
    table.add({"split", escaped(report.split->name)});
    table.add({"test part", escaped(report.split->test)});
  }
  table.add({"tested on", base::with_thousands(judgement.events) + " events of " +
                              base::with_thousands(judgement.sessions) + " sessions"});
  table.add({"predicted", recommend::target_words(rules)});
  table.add({"ranked", "whole catalogue, nothing sampled"});
  table.add({"length of a list", std::to_string(rules.k)});
  table.add({"repeats", rules.filter_seen ? "items of the session left out" : "allowed"});
  table.add({"current item", rules.drop_current ? "left out" : "may be recommended"});
  table.add({"unknown items", fmt::format("{} predictions of items that the bundle does not have, "
                                          "counted as misses",
                                          base::with_thousands(judgement.model.unknown_targets))});
  return section("Split and rules", "Do not compare numbers that were made with other rules.",
                 table.finish());
}

std::string examples_section(const Report& report) {
  if (!report.judgement || report.examples.empty()) return "";
  std::string body = "<div class=\"examples\">\n";
  for (const Example& example : report.examples) {
    body += article(example, report.judgement->rules.k);
  }
  return section("Examples",
                 "Sessions taken at equal distances from the test part, whatever their result. "
                 "Each shows the items that the shopper saw, the recommendations of the model with "
                 "reasons, and the next item.",
                 body + "</div>\n");
}

std::string card_section(const TrainingRecord& training) {
  if (!training.card) return "";
  const recommend::ModelCard& card = *training.card;
  Table table({{""}, {""}});
  if (!card.use.empty()) table.add({"use", escaped(card.use)});
  if (!card.trained_to.empty()) {
    table.add({"trained on", escaped(card.trained_from + " to " + card.trained_to)});
  }
  if (const auto& held_out = card.held_out) {
    table.add(
        {"held out", fmt::format("hit rate {:.4f}, MRR {:.4f}; chosen by {}", held_out->hit_rate,
                                 held_out->mrr, escaped(held_out->rule))});
  }
  for (const std::string& limit : card.limits) table.add({"limit", escaped(limit)});
  return section("The bundle", "", table.finish());
}

std::string floor_section(const TrainingRecord& training) {
  if (!training.floor) return "";
  const model::FloorCounts& floor = *training.floor;
  using base::with_thousands;
  Table table({{""}, {"in the log", true}, {"left out", true}});
  table.add({"items", with_thousands(floor.items), with_thousands(floor.items_left_out)});
  table.add({"events", with_thousands(floor.events), with_thousands(floor.events_left_out)});
  table.add({"pairs of items", with_thousands(floor.pairs), with_thousands(floor.pairs_left_out)});
  table.add({"sessions, and those that were cut", with_thousands(floor.sessions),
             with_thousands(floor.sessions_cut)});
  return section("Least number of shoppers",
                 fmt::format("Each item, pair, country and sampled session of the bundle rests on "
                             "at least {} distinct shoppers.",
                             floor.min_shoppers),
                 table.finish());
}

std::string settings_section(const TrainingRecord& training) {
  if (training.settings.empty()) return "";
  Table table({{""}, {""}});
  for (const TrainingRecord::Settings& settings : training.settings) {
    std::string all;
    for (const auto& [name, value] : settings.values) {
      all += fmt::format("{}{} {}", all.empty() ? "" : ", ", name, value);
    }
    table.add({escaped(settings.section), escaped(all)});
  }
  return section("Settings", "", table.finish());
}

std::string choice_section(const TrainingRecord& training) {
  if (!training.choice) return "";
  const SettingsChoice& choice = *training.choice;
  Table table({{""}, {""}});
  for (const std::string& reason : training.first_visit_reasons) table.add({"", escaped(reason)});
  if (!choice.reason.empty()) {
    table.add({"reason", escaped(choice.reason)});
    return section("How settings were chosen", "", table.finish());
  }
  table.add({"cut short", choice.cut_short ? "true" : "false"});
  table.add({"held out sessions", std::to_string(choice.held_out_sessions)});
  table.add({"predictions", std::to_string(choice.predictions)});
  for (const std::string& reason : choice.reasons) table.add({"", escaped(reason)});
  table.add({"rule", escaped(choice.rule)});
  return section("How settings were chosen", "",
                 table.finish() + (choice.tried.empty() ? "" : tried_table(choice.tried)));
}

}  // namespace vitrine::report
