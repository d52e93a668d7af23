#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/progress.h"
#include "recommend/evaluation/baselines.h"
#include "report/charts.h"
#include "report/page.h"
#include "report/sections.h"
#include "report/svg.h"

namespace vitrine::report {
namespace {

using nlohmann::json;

constexpr int kModelStyle = 0;

/// The model or one of its baselines.
struct Subject {
  std::string name;
  int style = 0;
  const json* values = nullptr;
};

std::vector<Subject> subjects(const json& result) {
  std::vector<Subject> all = {{"model", kModelStyle, &result}};
  int style = kModelStyle;
  for (const auto& [key, name] : recommend::kBaselineNames) {
    ++style;
    const json& values = result["baselines"][key];
    if (values.is_object()) all.push_back({name, style, &values});
  }
  return all;
}

std::string legend_of(const std::vector<Subject>& all) {
  std::vector<std::pair<std::string, int>> entries;
  for (const Subject& subject : all) entries.emplace_back(subject.name, subject.style);
  return legend(entries);
}

Measured measured(const json& values, const std::string& key) {
  const json& interval = values.at(key + "_interval");
  return {values.at(key), interval[0], interval[1]};
}

std::string cell(const json& values, const std::string& key, int digits = 4) {
  const Measured m = measured(values, key);
  return fmt::format("<b>{0:.{3}f}</b><small>{1:.{3}f}–{2:.{3}f}</small>", m.mean, m.low, m.high,
                     digits);
}

struct Metric {
  std::string key;
  std::string name;
  int digits = 4;
};

std::vector<Metric> next_item_metrics(const json& result) {
  const std::string k = fmt::format("@{}", result["k"].get<int>());
  return {{"hit_rate", "HR" + k}, {"mrr", "MRR" + k}, {"ndcg", "NDCG" + k}};
}

/// Subjects against metrics; `part` is the key that the metrics stand under, "" for none.
std::string metric_table(const std::vector<Subject>& all, const std::vector<Metric>& metrics,
                         const std::string& part) {
  std::vector<Table::Column> columns = {{"95 % intervals below"}};
  for (const Metric& metric : metrics) columns.push_back({metric.name, true});
  Table table(columns, true);
  for (const Subject& subject : all) {
    const json& values = part.empty() ? *subject.values : subject.values->at(part);
    std::vector<std::string> cells = {escaped(subject.name)};
    for (const Metric& metric : metrics) cells.push_back(cell(values, metric.key, metric.digits));
    table.add(cells);
  }
  return table.finish();
}

/// One row a subject.
std::string forest(const std::vector<Subject>& all, const Metric& metric, const std::string& part) {
  DotPlot plot{.axis = metric.name};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const json& values = part.empty() ? *all[i].values : all[i].values->at(part);
    Series series{.name = all[i].name, .style = all[i].style, .points = {}};
    series.points.resize(all.size());
    series.points[i] = measured(values, metric.key);
    plot.rows.push_back(all[i].name);
    plot.series.push_back(std::move(series));
  }
  return figure("", draw(plot));
}

std::string forests(const std::vector<Subject>& all, const std::vector<Metric>& metrics,
                    const std::string& part) {
  std::vector<std::string> drawn;
  for (const Metric& metric : metrics) drawn.push_back(forest(all, metric, part));
  return figures(drawn);
}

/// One row a segment, one dot a subject.
std::string segment_plot(const std::vector<Subject>& all, std::size_t segmentation,
                         const Metric& metric) {
  DotPlot plot{.axis = metric.name};
  for (const json& segment : all[0].values->at("segments")[segmentation]["parts"]) {
    plot.rows.push_back(segment["name"]);
    plot.notes.push_back("n = " + base::with_thousands(segment["predictions"]));
  }
  for (const Subject& subject : all) {
    Series series{.name = subject.name, .style = subject.style, .points = {}};
    series.points.resize(plot.rows.size());
    const json& segments = subject.values->at("segments")[segmentation]["parts"];
    for (std::size_t row = 0; row < plot.rows.size(); ++row) {
      for (const json& segment : segments) {
        if (segment["name"] == plot.rows[row]) series.points[row] = measured(segment, metric.key);
      }
    }
    plot.series.push_back(std::move(series));
  }
  return figure("", draw(plot));
}

std::string segment_table(const json& part, const std::vector<Metric>& metrics) {
  std::vector<Table::Column> columns = {{"model"}, {"predictions", true}};
  for (const Metric& metric : metrics) columns.push_back({metric.name, true});
  Table table(columns);
  for (const json& segment : part["parts"]) {
    std::vector<std::string> cells = {escaped(segment["name"].get<std::string>()),
                                      base::with_thousands(segment["predictions"])};
    for (const Metric& metric : metrics) cells.push_back(cell(segment, metric.key));
    table.add(cells);
  }
  return table.finish();
}

std::string opening_section(const json& result, const std::string& key, const std::string& title,
                            const std::string& words) {
  if (!result.contains(key) || result[key].is_null()) return "";
  std::vector<Subject> all;
  for (const Subject& subject : subjects(result)) {
    if (subject.values->contains(key) && subject.values->at(key).is_object()) {
      all.push_back(subject);
    }
  }
  return section(title,
                 fmt::format("The first event of {} sessions, {}. These are in no other number.",
                             base::with_thousands(result[key]["predictions"]), words),
                 metric_table(all, next_item_metrics(result), key));
}

}  // namespace

std::string quality_section(const json& result) {
  if (!result.contains("hit_rate")) return "";
  const std::vector<Subject> all = subjects(result);
  const std::vector<Metric> next = next_item_metrics(result);
  const std::string k = fmt::format("@{}", result["k"].get<int>());
  return section(
      "Model against baselines",
      fmt::format(
          "The next item, among the first {0} of the list: HR@{0} is how often it is there, "
          "MRR@{0} and NDCG@{0} count more the higher it stands. Bars are 95 % bootstrap "
          "intervals over sessions; differences within them are noise.",
          result["k"].get<int>()),
      forests(all, next, "") + metric_table(all, next, "") +
          "<h3>All later items of the session</h3>\n<p class=\"intro\">Each item that comes later "
          "counts once: P is the share of places that hold one, R the share of them in the "
          "list, NDCG the gain of their places over the most that could be.</p>\n" +
          metric_table(all, {{"precision", "P" + k}, {"recall", "R" + k}, {"ndcg", "NDCG" + k}},
                       "all_later_items"));
}

std::string first_visit_section(const json& result) {
  return opening_section(result, "first_visit", "First visit",
                         "without a history, so popularity decides");
}

std::string return_visit_section(const json& result) {
  return opening_section(result, "return_visit", "Return visit",
                         "from the shopper's earlier sessions");
}

std::string hidden_items_section(const json& result) {
  if (!result.contains("hidden_items") || result["hidden_items"]["predictions"] == 0) return "";
  const json& hidden = result["hidden_items"];
  std::vector<Metric> metrics = next_item_metrics(result);
  metrics.pop_back();  // NDCG says nothing here that the others do not
  const auto table = [&](const char* title, const char* part) {
    std::vector<Subject> all;
    for (const auto& [key, name] : recommend::kHiddenRankings)
      all.push_back({name, 0, &hidden[part][key]});
    return fmt::format("<h3>{}</h3>\n", title) + metric_table(all, metrics, "");
  };
  return section(
      "New items",
      fmt::format("The events of {} items were hidden from training, as if the items were new. The "
                  "table shows how well they are ranked in the {} predictions in which they came "
                  "next, from category, brand, price and title alone.",
                  base::with_thousands(hidden["items"]),
                  base::with_thousands(hidden["predictions"])),
      table("Among all items", "among_all") +
          table("Among the hidden items alone", "among_hidden") + "<h3>The other items</h3>\n" +
          metric_table({{"model", kModelStyle, &hidden["others"]}}, metrics, ""));
}

std::string segments_section(const json& result) {
  if (!result.contains("segments")) return "";
  const std::vector<Subject> all = subjects(result);
  const std::vector<Metric> metrics = next_item_metrics(result);
  std::string body;
  for (std::size_t i = 0; i < result["segments"].size(); ++i) {
    const json& part = result["segments"][i];
    if (part["parts"].size() < 2) continue;
    body += "<h3>By " + escaped(part["by"].get<std::string>()) + "</h3>\n";
    std::vector<std::string> drawn;
    for (const Metric& metric : metrics) drawn.push_back(segment_plot(all, i, metric));
    body += figures(drawn) + segment_table(part, metrics);
  }
  if (body.empty()) return "";
  return section("Quality by segment",
                 "The quality of the model by segment. Every prediction is in exactly one segment "
                 "of each kind.",
                 legend_of(all) + body);
}

std::string lists_section(const json& result) {
  if (!result.contains("lists")) return "";
  const std::vector<Subject> all = subjects(result);
  const json& lists = result["lists"];
  Table table({{"95 % intervals below"},
               {"novelty, bits", true},
               {"diversity", true},
               {"places for the head", true},
               {"coverage", true},
               {"Gini", true}},
              true);
  std::vector<LorenzCurve> curves;
  std::string ginis;
  for (const Subject& subject : all) {
    const json& values = subject.values->at("lists");
    table.add({escaped(subject.name), cell(values, "novelty_bits", 2), cell(values, "diversity", 3),
               cell(values, "head_share", 3),
               fmt::format("{:.3f}", values["coverage"].get<double>()),
               fmt::format("{:.3f}", values["gini"].get<double>())});
    curves.push_back({subject.name, subject.style, values["exposure_curve"]});
    ginis += fmt::format("{}{} {:.3f}", ginis.empty() ? "" : ", ", subject.name,
                         values["gini"].get<double>());
  }
  const std::string explained = fmt::format(
      "Novelty: mean self-information of an item shown; one bit more is half as well known. "
      "Diversity: {}, mean over the pairs of a list. Head: the {} best-known items, which make 20 "
      "% "
      "of all events. Coverage: share of the items that were in any list. Gini: 0 when all items "
      "are shown as often, 1 when one takes all; without an interval, since sessions drawn again "
      "leave lists out and would show less than all of them do.",
      lists["diversity_by"].get<std::string>(), base::with_thousands(lists["head_items"]));
  return section("What is shown", explained,
                 legend_of(all) +
                     figures({figure("The further a curve lies below the straight line, the fewer "
                                     "items take the places. Gini: " +
                                         ginis + ".",
                                     draw(curves)),
                              stacked({forest(all, {"novelty_bits", "novelty, bits"}, "lists"),
                                       forest(all, {"diversity", "diversity"}, "lists")}),
                              forest(all, {"head_share", "places for the head"}, "lists")}) +
                     table.finish());
}

std::string sizes_section(const json& result) {
  if (!result.contains("pareto")) return "";
  const std::vector<Metric> metrics = next_item_metrics(result);
  std::vector<Table::Column> columns = {
      {"budget"}, {"bundle", true}, {"session weights", true}, {"embeddings", true}};
  for (const Metric& metric : metrics) columns.push_back({metric.name, true});
  Table table(columns);
  std::vector<SizePlot> plots;
  for (const Metric& metric : metrics)
    plots.push_back({.axis = metric.name, .curves = {{0, {}}, {1, {}}}});
  std::array<bool, 2> drawn_any = {false, false};
  for (const json& size : result["pareto"]) {
    std::vector<std::string> cells = {human_bytes(size["budget"])};
    if (size.contains("needs")) {
      cells.push_back("needs " + human_bytes(size["needs"]));
      cells.resize(columns.size());
      table.add(cells);
      continue;
    }
    cells.push_back(human_bytes(size["size"]));
    cells.push_back(base::with_thousands(size["session_entries"]));
    const bool bare = size["embedding_dims"] == 0;
    cells.push_back(bare ? "none" : fmt::format("{} numbers", size["embedding_dims"].get<int>()));
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      cells.push_back(cell(size, metrics[i].key));
      plots[i].curves[bare ? 1 : 0].points.emplace_back(size["size"],
                                                        measured(size, metrics[i].key));
    }
    drawn_any[bare ? 1 : 0] = true;
    table.add(cells);
  }
  std::vector<std::string> drawn;
  std::vector<std::pair<std::string, int>> names;
  if (drawn_any[0]) names.emplace_back("with embeddings", 0);
  if (drawn_any[1]) names.emplace_back("without embeddings", 1);
  if (!names.empty()) {
    for (const SizePlot& plot : plots) drawn.push_back(figure("", draw(plot)));
  }
  return section(
      "Size against quality",
      "The same model fitted into several budgets, with its embeddings and without, each "
      "measured on the test part.",
      legend(names) + figures(drawn) + table.finish());
}

}  // namespace vitrine::report
