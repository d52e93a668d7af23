#include "report/experiment_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/progress.h"
#include "report/charts.h"
#include "report/line_plot.h"
#include "report/page.h"
#include "report/svg.h"

namespace vitrine::report {
namespace {

using nlohmann::json;

std::string text(const json& value) { return escaped(value.get<std::string>()); }

std::string percent(const json& share, int digits = 2) {
  return fmt::format("{:+.{}f} %", 100.0 * share.get<double>(), digits);
}

std::string range(const json& interval) {
  if (!interval.is_array()) return "too few units yet";
  return percent(interval[0]) + " to " + percent(interval[1]);
}

std::string count(const json& value) {
  return base::with_thousands(static_cast<std::uint64_t>(value.get<double>()));
}

/// Which style an arm is drawn with: the control first.
int style_of(const json& result, const json& variation) {
  int style = 0;
  for (const json& arm : result["units"]) {
    if (arm["variation"] == variation) return style % 4;
    ++style;
  }
  return 0;
}

std::string arms_legend(const json& result, bool with_control) {
  std::vector<std::pair<std::string, int>> entries;
  for (const json& arm : result["units"]) {
    if (!with_control && arm == result["units"][0]) continue;
    entries.emplace_back(arm["variation"], style_of(result, arm["variation"]));
  }
  return legend(entries);
}

std::string verdict_section(const json& result) {
  Table table({{"variation"}, {"verdict"}, {"why"}}, false);
  for (const json& verdict : result["verdicts"]) {
    table.add({text(verdict["variation"]), "<b>" + text(verdict["verdict"]) + "</b>",
               text(verdict["message"])});
  }
  const json& settings = result["settings"];
  const std::string intro =
      fmt::format("By {}, at {:.4g} in all, p-values adjusted: {}.",
                  settings["looks"] == "any" ? "the test that is valid at any look"
                                             : "Welch's test, valid at one look that was planned",
                  settings["alpha"].get<double>(), settings["adjust"].get<std::string>());
  return section("Verdict", intro, table.finish());
}

std::string units_section(const json& result) {
  Table units({{"variation"}, {"units", true}, {"weight", true}});
  for (const json& arm : result["units"]) {
    units.add({text(arm["variation"]), count(arm["units"]),
               fmt::format("{:.4g}", arm["weight"].get<double>())});
  }
  const json& ratio = result["sample_ratio"];
  PlotLine line{.style = 0, .points = {}, .bounds = {}};
  for (const json& point : result["course"]) {
    line.points.emplace_back(point["day"], point["sample_ratio_p"]);
  }
  const std::string chart = draw(LinePlot{.label = "p-value of the sample ratio by day",
                                          .x_axis = "day",
                                          .y_axis = "p of the sample ratio; below 0.001 an alarm",
                                          .lines = {line},
                                          .marks = {0.0, 1.0}});
  std::string problems;
  for (const json& problem : result["problems"]) {
    problems += "<li>" + text(problem["message"]) + "</li>\n";
  }
  if (!problems.empty())
    problems = "<h3>Left out, or to be looked at</h3>\n<ul>\n" + problems + "</ul>\n";
  return section(
      "Units",
      fmt::format(
          "Sample ratio: p = {:.3g}{}", ratio["p"].get<double>(),
          ratio["mismatch"].get<bool>()
              ? ". The arms do not have the expected shares, so no comparison can be trusted."
              : ", as asked for."),
      pair(units.finish(), figure("", chart)) + problems);
}

std::string metric_table(const json& metric) {
  Table arms({{"variation"}, {"units", true}, {"mean", true}, {"sd", true}});
  for (const json& arm : metric["arms"]) {
    arms.add({text(arm["variation"]), count(arm["units"]),
              fmt::format("{:.6g}", arm["mean"].get<double>()),
              fmt::format("{:.6g}", arm["sd"].get<double>())});
  }
  Table lifts({{"beside the control"},
               {"lift", true},
               {"one look", true},
               {"any look", true},
               {"adjusted p", true},
               {"chance to win", true},
               {"expected loss", true}});
  for (const json& one : metric["comparisons"]) {
    if (one.contains("trouble")) {
      lifts.add(
          {text(one["variation"]), "cannot be compared", text(one["trouble"]), "", "", "", ""});
      continue;
    }
    const json& bayes = one["bayes"];
    lifts.add(
        {text(one["variation"]), "<b>" + percent(one["lift"]) + "</b>",
         fmt::format("{}<small>p = {:.3g}</small>", range(one["interval"]), one["p"].get<double>()),
         fmt::format("{}<small>p = {:.3g}</small>", range(one["always_valid"]["interval"]),
                     one["always_valid"]["p"].get<double>()),
         fmt::format("{:.3g}", one["adjusted_p"].get<double>()),
         fmt::format("{:.1f} %", 100.0 * bayes["chance_to_win"].get<double>()),
         fmt::format("{:.2f} %", 100.0 * bayes["loss_of_treatment"].get<double>())});
  }
  return arms.finish() + lifts.finish();
}

/// Leaves out the first days, whose intervals are so wide that beside them nothing else is seen.
void drop_wide(PlotLine& line) {
  constexpr double kWidest = 5.0;  // beside the last one
  if (line.bounds.empty()) return;
  const auto width = [](const std::pair<double, double>& bounds) {
    return bounds.second - bounds.first;
  };
  const double widest = kWidest * width(line.bounds.back());
  const auto first = std::find_if(line.bounds.begin(), line.bounds.end(),
                                  [&](const auto& bounds) { return width(bounds) <= widest; });
  line.points.erase(line.points.begin(), line.points.begin() + (first - line.bounds.begin()));
  line.bounds.erase(line.bounds.begin(), first);
}

std::string course_chart(const json& result, const json& metric) {
  LinePlot plot{.label = "lift by day with the interval that is valid at any look",
                .x_axis = "day",
                .y_axis = "lift, with the interval that is valid at any look",
                .percent = true,
                .lines = {},
                .marks = {0.0}};
  for (const json& one : metric["comparisons"]) {
    PlotLine line{.style = style_of(result, one["variation"]), .points = {}, .bounds = {}};
    for (const json& point : result["course"]) {
      for (const json& lift : point["lifts"]) {
        if (lift["metric"] != metric["name"] || lift["variation"] != one["variation"]) continue;
        line.points.emplace_back(point["day"], lift["lift"]);
        line.bounds.emplace_back(lift["interval"][0], lift["interval"][1]);
      }
    }
    drop_wide(line);
    if (!line.points.empty()) plot.lines.push_back(std::move(line));
  }
  const std::string chart = draw(plot);
  return chart.empty() ? "" : figure("", chart + arms_legend(result, false));
}

std::string distribution_chart(const json& result, const json& metric) {
  const json& distribution = metric["distribution"];
  if (distribution.is_null()) return "";
  LinePlot plot{.label = "share of units with at least a value",
                .x_axis = "at least this much of a unit (logarithmic)",
                .y_axis = "share of units",
                .log_x = true,
                .percent = true,
                .lines = {},
                .marks = {0.0}};
  for (const json& arm : distribution["arms"]) {
    PlotLine line{.style = style_of(result, arm["variation"]), .points = {}, .bounds = {}};
    for (std::size_t i = 0; i < distribution["values"].size(); ++i) {
      line.points.emplace_back(distribution["values"][i], arm["share_at_least"][i]);
    }
    plot.lines.push_back(std::move(line));
  }
  return figure("", draw(plot) + arms_legend(result, true));
}

std::string metric_section(const json& result, const json& metric) {
  std::string intro =
      fmt::format("{}, {}; {} is better.", metric["role"].get<std::string>(),
                  metric["type"].get<std::string>(), metric["better"].get<std::string>());
  if (!metric["cap"].is_null()) {
    intro += fmt::format(" A unit counts for at most {:.6g}; {} units are cut.",
                         metric["cap"]["at"].get<double>(), count(metric["cap"]["units"]));
  }
  std::vector<std::string> charts;
  for (const std::string& chart :
       {course_chart(result, metric), distribution_chart(result, metric)}) {
    if (!chart.empty()) charts.push_back(chart);
  }
  return section(metric["name"].get<std::string>(), intro,
                 metric_table(metric) + (charts.empty() ? "" : figures(charts)));
}

std::string segments_section(const json& result) {
  std::string body;
  for (const json& segment : result["segments"]) {
    Table table({{segment["name"]},
                 {"units", true},
                 {"metric"},
                 {"variation"},
                 {"lift", true},
                 {"one look", true},
                 {"adjusted p", true}});
    for (const json& part : segment["parts"]) {
      for (const json& one : part["comparisons"]) {
        const bool known = !one.contains("trouble");
        table.add({text(part["name"]), count(part["units"]), text(one["metric"]),
                   text(one["variation"]), known ? percent(one["lift"]) : "cannot be compared",
                   known ? range(one["interval"]) : text(one["trouble"]),
                   known ? fmt::format("{:.3g}", one["adjusted_p"].get<double>()) : ""});
      }
    }
    body += table.finish();
  }
  return section("Segments",
                 "Segments are for finding ideas: no verdict uses them. p-values are adjusted over "
                 "all rows (Benjamini and Hochberg).",
                 body);
}

}  // namespace

std::string render_experiment(const json& result) {
  std::string body = verdict_section(result) + units_section(result);
  for (const json& metric : result["metrics"]) body += metric_section(result, metric);
  const json& source = result["source"];
  return page("Experiment " + result["experiment"].get<std::string>(),
              fmt::format("{} to {} UTC, {} days, {} exposures", source["from"].get<std::string>(),
                          source["until"].get<std::string>(), source["days"].get<int>(),
                          count(source["exposures"])),
              body + segments_section(result));
}

}  // namespace vitrine::report
