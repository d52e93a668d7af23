#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/progress.h"
#include "report/charts.h"
#include "report/page.h"
#include "report/sections.h"
#include "report/svg.h"

namespace vitrine::report {
namespace {

using recommend::Accuracy;
using recommend::Estimate;
using recommend::Evaluation;
using recommend::Judgement;
using recommend::Segment;
using recommend::Segmentation;
using recommend::Subject;

/// A column of a table, or the axis of a chart.
struct Metric {
  std::string name;
  int digits = 4;
};

/// A way to rank, and its value of each metric.
struct Row {
  std::string name;
  int style = 0;
  std::vector<Estimate> values;
};

std::vector<Metric> next_item_metrics(std::size_t k) {
  return {{fmt::format("HR@{}", k)}, {fmt::format("MRR@{}", k)}, {fmt::format("NDCG@{}", k)}};
}
std::vector<Estimate> values_of(const Accuracy& accuracy) {
  return {accuracy.hit_rate, accuracy.mrr, accuracy.ndcg};
}

/// The model and its baselines, with what `values` takes of each.
template <typename Values>
std::vector<Row> rows_of(const Judgement& judgement, const Values& values) {
  std::vector<Row> rows;
  for (const Subject& subject : recommend::subjects(judgement)) {
    rows.push_back({subject.name, subject.place, values(*subject.evaluation)});
  }
  return rows;
}

std::string legend_of(const Judgement& judgement) {
  std::vector<std::pair<std::string, int>> entries;
  for (const Subject& subject : recommend::subjects(judgement)) {
    entries.emplace_back(subject.name, subject.place);
  }
  return legend(entries);
}

Measured measured(const Estimate& estimate) { return {estimate.mean, estimate.low, estimate.high}; }

std::string cell(const Estimate& estimate, int digits = 4) {
  return fmt::format("<b>{0:.{3}f}</b><small>{1:.{3}f}–{2:.{3}f}</small>", estimate.mean,
                     estimate.low, estimate.high, digits);
}

std::string metric_table(const std::vector<Row>& rows, const std::vector<Metric>& metrics) {
  std::vector<Table::Column> columns = {{"95 % intervals below"}};
  for (const Metric& metric : metrics) columns.push_back({metric.name, true});
  Table table(columns, true);
  for (const Row& row : rows) {
    std::vector<std::string> cells = {escaped(row.name)};
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      cells.push_back(cell(row.values[i], metrics[i].digits));
    }
    table.add(cells);
  }
  return table.finish();
}

/// One row a way to rank. `metric`: the index of the value that is drawn.
std::string forest(const std::vector<Row>& rows, const std::string& axis, std::size_t metric) {
  DotPlot plot{.axis = axis};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Series series{.name = rows[i].name, .style = rows[i].style, .points = {}};
    series.points.resize(rows.size());
    series.points[i] = measured(rows[i].values[metric]);
    plot.rows.push_back(rows[i].name);
    plot.series.push_back(std::move(series));
  }
  return figure("", draw(plot));
}

std::string forests(const std::vector<Row>& rows, const std::vector<Metric>& metrics) {
  std::vector<std::string> drawn;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    drawn.push_back(forest(rows, metrics[i].name, i));
  }
  return figures(drawn);
}

/// One row a segment, one dot a way to rank.
std::string segment_plot(const Judgement& judgement, std::size_t segmentation,
                         const std::string& axis, Estimate Accuracy::* value) {
  DotPlot plot{.axis = axis};
  for (const Segment& segment : judgement.model.segmentations[segmentation].segments) {
    plot.rows.push_back(segment.name);
    plot.notes.push_back("n = " + base::with_thousands(segment.accuracy.predictions));
  }
  for (const Subject& subject : recommend::subjects(judgement)) {
    Series series{.name = subject.name, .style = subject.place, .points = {}};
    series.points.resize(plot.rows.size());
    for (const Segment& segment : subject.evaluation->segmentations[segmentation].segments) {
      const auto row = std::find(plot.rows.begin(), plot.rows.end(), segment.name);
      if (row == plot.rows.end()) continue;
      series.points[static_cast<std::size_t>(row - plot.rows.begin())] =
          measured(segment.accuracy.*value);
    }
    plot.series.push_back(std::move(series));
  }
  return figure("", draw(plot));
}

std::string segment_table(const Segmentation& segmentation, const std::vector<Metric>& metrics) {
  std::vector<Table::Column> columns = {{"model"}, {"predictions", true}};
  for (const Metric& metric : metrics) columns.push_back({metric.name, true});
  Table table(columns);
  for (const Segment& segment : segmentation.segments) {
    std::vector<std::string> cells = {escaped(segment.name),
                                      base::with_thousands(segment.accuracy.predictions)};
    for (const Estimate& value : values_of(segment.accuracy)) cells.push_back(cell(value));
    table.add(cells);
  }
  return table.finish();
}

/// `part`: the first events that the section is of.
std::string opening_section(const Judgement& judgement, std::optional<Accuracy> Evaluation::* part,
                            const std::string& title, const std::string& words) {
  const std::optional<Accuracy>& of_model = judgement.model.*part;
  if (!of_model) return "";
  std::vector<Row> rows;
  for (const Subject& subject : recommend::subjects(judgement)) {
    const std::optional<Accuracy>& accuracy = subject.evaluation->*part;
    if (accuracy) rows.push_back({subject.name, subject.place, values_of(*accuracy)});
  }
  return section(title,
                 fmt::format("The first event of {} sessions, {}. These are in no other number.",
                             base::with_thousands(of_model->predictions), words),
                 metric_table(rows, next_item_metrics(judgement.rules.k)));
}

}  // namespace

std::string quality_section(const Judgement& judgement) {
  const std::size_t k = judgement.rules.k;
  const std::vector<Metric> metrics = next_item_metrics(k);
  const std::vector<Row> next =
      rows_of(judgement, [](const Evaluation& one) { return values_of(one.next_item()); });
  const std::vector<Row> later = rows_of(judgement, [](const Evaluation& one) {
    return std::vector{one.later_precision, one.later_recall, one.later_ndcg};
  });
  return section(
      "Model against baselines",
      fmt::format(
          "The next item, among the first {0} of the list: HR@{0} is how often it is there, "
          "MRR@{0} and NDCG@{0} count more the higher it stands. Bars are 95 % bootstrap "
          "intervals over sessions; differences within them are noise.",
          k),
      forests(next, metrics) + metric_table(next, metrics) +
          "<h3>All later items of the session</h3>\n<p class=\"intro\">Each item that comes later "
          "counts once: P is the share of places that hold one, R the share of them in the "
          "list, NDCG the gain of their places over the most that could be.</p>\n" +
          metric_table(
              later,
              {{fmt::format("P@{}", k)}, {fmt::format("R@{}", k)}, {fmt::format("NDCG@{}", k)}}));
}

std::string first_visit_section(const Judgement& judgement) {
  return opening_section(judgement, &Evaluation::first_visit, "First visit",
                         "without a history, so popularity decides");
}

std::string return_visit_section(const Judgement& judgement) {
  return opening_section(judgement, &Evaluation::return_visit, "Return visit",
                         "from the shopper's earlier sessions");
}

std::string hidden_items_section(const Judgement& judgement) {
  if (!judgement.model.hidden || judgement.model.hidden->predictions == 0) return "";
  const recommend::HiddenEvaluation& hidden = *judgement.model.hidden;
  std::vector<Metric> metrics = next_item_metrics(judgement.rules.k);
  metrics.pop_back();  // NDCG says nothing here that the others do not
  const auto table = [&](const char* title, const recommend::HiddenEvaluation::Ranked& ranked) {
    std::vector<Row> rows;
    for (const auto& [name, score] : ranked.named()) {
      rows.push_back({name, 0, {score.hit_rate, score.mrr}});
    }
    return fmt::format("<h3>{}</h3>\n", title) + metric_table(rows, metrics);
  };
  return section(
      "New items",
      fmt::format("The events of {} items were hidden from training, as if the items were new. The "
                  "table shows how well they are ranked in the {} predictions in which they came "
                  "next, from category, brand, price and title alone.",
                  base::with_thousands(hidden.items), base::with_thousands(hidden.predictions)),
      table("Among all items", hidden.among_all) +
          table("Among the hidden items alone", hidden.among_hidden) +
          "<h3>The other items</h3>\n" +
          metric_table({{"model", 0, {hidden.others.hit_rate, hidden.others.mrr}}}, metrics));
}

std::string segments_section(const Judgement& judgement) {
  const std::vector<Metric> metrics = next_item_metrics(judgement.rules.k);
  constexpr std::array<Estimate Accuracy::*, 3> kValues = {&Accuracy::hit_rate, &Accuracy::mrr,
                                                           &Accuracy::ndcg};
  std::string body;
  for (std::size_t i = 0; i < judgement.model.segmentations.size(); ++i) {
    const Segmentation& segmentation = judgement.model.segmentations[i];
    if (segmentation.segments.size() < 2) continue;
    body += "<h3>By " + escaped(segmentation.words) + "</h3>\n";
    std::vector<std::string> drawn;
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      drawn.push_back(segment_plot(judgement, i, metrics[m].name, kValues[m]));
    }
    body += figures(drawn) + segment_table(segmentation, metrics);
  }
  if (body.empty()) return "";
  return section(
      "Quality by segment",
      "The quality of the model by segment. Every prediction is in exactly one segment of each "
      "kind.",
      legend_of(judgement) + body);
}

std::string lists_section(const Judgement& judgement) {
  Table table({{"95 % intervals below"},
               {"novelty, bits", true},
               {"diversity", true},
               {"places for the head", true},
               {"coverage", true},
               {"Gini", true}},
              true);
  const std::vector<Row> rows = rows_of(judgement, [](const Evaluation& one) {
    return std::vector{one.novelty, one.diversity, one.head_share};
  });
  std::vector<LorenzCurve> curves;
  std::string ginis;
  for (const Subject& subject : recommend::subjects(judgement)) {
    const Evaluation& one = *subject.evaluation;
    table.add({escaped(subject.name), cell(one.novelty, 2), cell(one.diversity, 3),
               cell(one.head_share, 3), fmt::format("{:.3f}", one.coverage),
               fmt::format("{:.3f}", one.gini)});
    curves.push_back({subject.name, subject.place, one.exposure});
    ginis += fmt::format("{}{} {:.3f}", ginis.empty() ? "" : ", ", subject.name, one.gini);
  }
  const std::string explained = fmt::format(
      "Novelty: mean self-information of an item shown; one bit more is half as well known. "
      "Diversity: {}, mean over the pairs of a list. Head: the {} best-known items, which make 20 "
      "% "
      "of all events. Coverage: share of the items that were in any list. Gini: 0 when all items "
      "are shown as often, 1 when one takes all; without an interval, since sessions drawn again "
      "leave lists out and would show less than all of them do.",
      recommend::words(judgement.model.diversity_by),
      base::with_thousands(judgement.model.head_items));
  return section(
      "What is shown", explained,
      legend_of(judgement) +
          figures({figure("The further a curve lies below the straight line, the fewer "
                          "items take the places. Gini: " +
                              ginis + ".",
                          draw(curves)),
                   stacked({forest(rows, "novelty, bits", 0), forest(rows, "diversity", 1)}),
                   forest(rows, "places for the head", 2)}) +
          table.finish());
}

std::string sizes_section(const std::vector<recommend::SizeJudgement>& sizes, std::size_t k) {
  if (sizes.empty()) return "";
  const std::vector<Metric> metrics = next_item_metrics(k);
  std::vector<Table::Column> columns = {
      {"budget"}, {"bundle", true}, {"session weights", true}, {"embeddings", true}};
  for (const Metric& metric : metrics) columns.push_back({metric.name, true});
  Table table(columns);
  std::vector<SizePlot> plots;
  for (const Metric& metric : metrics)
    plots.push_back({.axis = metric.name, .curves = {{0, {}}, {1, {}}}});
  std::array<bool, 2> drawn_any = {false, false};
  for (const recommend::SizeJudgement& size : sizes) {
    std::vector<std::string> cells = {human_bytes(static_cast<double>(size.budget))};
    if (size.needs > 0) {
      cells.push_back("needs " + human_bytes(static_cast<double>(size.needs)));
      cells.resize(columns.size());
      table.add(cells);
      continue;
    }
    const auto bytes = static_cast<double>(size.size);
    cells.push_back(human_bytes(bytes));
    cells.push_back(base::with_thousands(size.session_entries));
    const std::size_t curve = size.embedding_dims == 0 ? 1 : 0;
    cells.push_back(curve == 1 ? "none" : fmt::format("{} numbers", size.embedding_dims));
    const std::vector<Estimate> values = values_of(size.accuracy);
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      cells.push_back(cell(values[i]));
      plots[i].curves[curve].points.emplace_back(bytes, measured(values[i]));
    }
    drawn_any[curve] = true;
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
