#include "report/experiment_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/progress.h"
#include "data/time_column.h"
#include "report/charts.h"
#include "report/line_plot.h"
#include "report/page.h"
#include "report/svg.h"

namespace vitrine::report {
namespace {

using analysis::AnalysisResult;
using analysis::Comparison;

std::string percent(double share) { return fmt::format("{:+.2f} %", 100.0 * share); }

std::string range(const stats::Interval& interval) {
  return percent(interval.low) + " to " + percent(interval.high);
}

std::string count(double units) { return base::with_thousands(static_cast<std::uint64_t>(units)); }

/// Returns the style of an arm in drawings: the control first.
int style_of(const AnalysisResult& result, const std::string& variation) {
  int style = 0;
  for (const analysis::ArmUnits& arm : result.units) {
    if (arm.variation == variation) return style % 4;
    ++style;
  }
  return 0;
}

std::string arms_legend(const AnalysisResult& result, bool with_control) {
  std::vector<std::pair<std::string, int>> entries;
  for (const analysis::ArmUnits& arm : result.units) {
    if (!with_control && &arm == &result.units.front()) continue;
    entries.emplace_back(arm.variation, style_of(result, arm.variation));
  }
  return legend(entries);
}

std::string verdict_section(const AnalysisResult& result) {
  Table table({{"variation"}, {"verdict"}, {"why"}}, false);
  for (const analysis::Verdict& verdict : result.verdicts) {
    table.add({escaped(verdict.variation), fmt::format("<b>{}</b>", words(verdict.kind)),
               escaped(verdict.message)});
  }
  const std::string intro =
      fmt::format("By {}, at {:.4g} in all, p-values adjusted: {}.",
                  result.config.any_looks ? "the test that is valid at any look"
                                          : "Welch's test, valid at one look that was planned",
                  result.config.alpha, words(result.config.adjustment));
  return section("Verdict", intro, table.finish());
}

std::string units_section(const AnalysisResult& result) {
  Table units({{"variation"}, {"units", true}, {"weight", true}});
  for (const analysis::ArmUnits& arm : result.units) {
    units.add({escaped(arm.variation), count(arm.units), fmt::format("{:.4g}", arm.weight)});
  }
  PlotLine line{.style = 0, .points = {}, .bounds = {}};
  for (const analysis::CoursePoint& point : result.course) {
    line.points.emplace_back(point.day, point.sample_ratio_p);
  }
  const std::string chart = draw(LinePlot{.label = "p-value of the sample ratio by day",
                                          .x_axis = "day",
                                          .y_axis = "p of the sample ratio; below 0.001 an alarm",
                                          .lines = {line},
                                          .marks = {0.0, 1.0}});
  std::string problems;
  for (const data::LogProblem& problem : result.log.problems) {
    problems += "<li>" + escaped(problem.message) + "</li>\n";
  }
  if (!problems.empty())
    problems = "<h3>Left out, or to be looked at</h3>\n<ul>\n" + problems + "</ul>\n";
  return section("Units",
                 fmt::format("Sample ratio: p = {:.3g}{}", result.sample_ratio.p,
                             result.sample_ratio.is_mismatch()
                                 ? ". The arms do not have the expected shares, so no "
                                   "comparison can be trusted."
                                 : ", as asked for."),
                 pair(units.finish(), figure("", chart)) + problems);
}

std::string metric_table(const analysis::MetricResult& metric) {
  Table arms({{"variation"}, {"units", true}, {"mean", true}, {"sd", true}});
  for (const analysis::ArmMean& arm : metric.arms) {
    arms.add({escaped(arm.variation), count(arm.units), fmt::format("{:.6g}", arm.mean),
              fmt::format("{:.6g}", arm.sd)});
  }
  Table lifts({{"beside the control"},
               {"lift", true},
               {"one look", true},
               {"any look", true},
               {"adjusted p", true},
               {"chance to win", true},
               {"expected loss", true}});
  for (const analysis::MetricComparison& one : metric.comparisons) {
    const Comparison& found = one.comparison;
    const std::string name = escaped(one.variation);
    if (found.problem != stats::ComparisonProblem::kNone) {
      lifts.add({name, "cannot be compared", escaped(analysis::problem_words(found.problem)), "",
                 "", "", ""});
      continue;
    }
    const auto always = found.always_valid_interval();
    lifts.add(
        {name, "<b>" + percent(found.lift.estimate) + "</b>",
         fmt::format("{}<small>p = {:.3g}</small>", range(found.test.interval), found.test.p),
         always ? fmt::format("{}<small>p = {:.3g}</small>", range(*always), found.always_valid_p())
                : "not before both arms have more units",
         fmt::format("{:.3g}", one.adjusted_p),
         fmt::format("{:.1f} %", 100.0 * found.posterior.chance_to_win),
         fmt::format("{:.2f} %", 100.0 * found.posterior.loss_of_treatment)});
  }
  return arms.finish() + lifts.finish();
}

/// Leaves out the first days, whose intervals are so wide that nothing else would be visible.
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

std::string course_chart(const AnalysisResult& result, const analysis::MetricResult& metric) {
  LinePlot plot{.label = "lift by day with the interval that is valid at any look",
                .x_axis = "day",
                .y_axis = "lift, with the interval that is valid at any look",
                .percent = true,
                .lines = {},
                .marks = {0.0}};
  for (const analysis::MetricComparison& one : metric.comparisons) {
    PlotLine line{.style = style_of(result, one.variation), .points = {}, .bounds = {}};
    for (const analysis::CoursePoint& point : result.course) {
      for (const analysis::CoursePoint::Lift& lift : point.lifts) {
        if (lift.metric != metric.name || lift.variation != one.variation) continue;
        line.points.emplace_back(point.day, lift.lift);
        line.bounds.emplace_back(lift.interval.low, lift.interval.high);
      }
    }
    drop_wide(line);
    if (!line.points.empty()) plot.lines.push_back(std::move(line));
  }
  const std::string chart = draw(plot);
  return chart.empty() ? "" : figure("", chart + arms_legend(result, false));
}

std::string distribution_chart(const AnalysisResult& result, const analysis::MetricResult& metric) {
  if (!metric.distribution) return "";
  LinePlot plot{.label = "share of units with at least a value",
                .x_axis = "at least this much of a unit (logarithmic)",
                .y_axis = "share of units",
                .log_x = true,
                .percent = true,
                .lines = {},
                .marks = {0.0}};
  for (const analysis::Distribution::Arm& arm : metric.distribution->arms) {
    PlotLine line{.style = style_of(result, arm.variation), .points = {}, .bounds = {}};
    for (std::size_t i = 0; i < metric.distribution->values.size(); ++i) {
      line.points.emplace_back(metric.distribution->values[i], arm.share_at_least[i]);
    }
    plot.lines.push_back(std::move(line));
  }
  return figure("", draw(plot) + arms_legend(result, true));
}

std::string metric_section(const AnalysisResult& result, const analysis::MetricResult& metric) {
  std::string intro = fmt::format("{}, {}; {} is better.", words(metric.role), words(metric.kind),
                                  metric.more_is_better ? "more" : "less");
  if (metric.cap) {
    intro += fmt::format(" A unit counts for at most {:.6g}; {} units are cut.", metric.cap->at,
                         base::with_thousands(metric.cap->units));
  }
  std::vector<std::string> charts;
  for (const std::string& chart :
       {course_chart(result, metric), distribution_chart(result, metric)}) {
    if (!chart.empty()) charts.push_back(chart);
  }
  return section(metric.name, intro,
                 metric_table(metric) + (charts.empty() ? "" : figures(charts)));
}

std::string segments_section(const AnalysisResult& result) {
  std::string body;
  for (const analysis::SegmentResult& segment : result.segments) {
    Table table({{segment.name},
                 {"units", true},
                 {"metric"},
                 {"variation"},
                 {"lift", true},
                 {"one look", true},
                 {"adjusted p", true}});
    for (const analysis::SegmentResult::Part& part : segment.parts) {
      for (const analysis::SegmentComparison& one : part.comparisons) {
        const Comparison& found = one.comparison;
        const bool known = found.problem == stats::ComparisonProblem::kNone;
        table.add(
            {escaped(part.name), base::with_thousands(part.units), escaped(one.metric),
             escaped(one.variation), known ? percent(found.lift.estimate) : "cannot be compared",
             known ? range(found.test.interval) : escaped(analysis::problem_words(found.problem)),
             known ? fmt::format("{:.3g}", one.adjusted_p) : ""});
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

std::string render_experiment(const AnalysisResult& result) {
  std::string body = verdict_section(result) + units_section(result);
  for (const analysis::MetricResult& metric : result.metrics) {
    body += metric_section(result, metric);
  }
  const statistics::ExperimentLog& log = result.log;
  return page(
      "Experiment " + result.config.experiment,
      fmt::format("{} to {} UTC, {} days, {} exposures", data::format_time(log.from),
                  data::format_time(log.until), result.days, base::with_thousands(log.exposures)),
      body + segments_section(result));
}

}  // namespace vitrine::report
