#include "report/line_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/svg.h"

namespace vitrine::report {
namespace {

constexpr double kWidth = 360.0;
constexpr double kLeft = 56.0;
constexpr double kRight = 344.0;
constexpr double kTop = 24.0;
constexpr double kFloor = 220.0;

struct Range {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

/// Round ticks from below `range` to above it.
Scale vertical(const Range& range) {
  const double span = std::max(range.high - range.low, 1e-9);
  const double step = round_up(span / 5);
  return {.from = std::floor(range.low / step) * step,
          .to = std::ceil(range.high / step) * step,
          .low = kFloor,
          .high = kTop};
}

}  // namespace

std::string draw(const LinePlot& plot) {
  Range across;
  Range up;
  for (const double mark : plot.marks) up.add(mark);
  for (const PlotLine& line : plot.lines) {
    for (const auto& [x, y] : line.points) {
      across.add(x);
      up.add(y);
    }
    for (const auto& [low, high] : line.bounds) {
      up.add(low);
      up.add(high);
    }
  }
  if (!(across.low <= across.high)) return "";
  if (across.low == across.high) across.high = plot.log_x ? across.low * 2.0 : across.low + 1.0;
  const Scale x{
      .from = across.low, .to = across.high, .low = kLeft, .high = kRight, .log = plot.log_x};
  const Scale y = vertical(up);
  const auto value = [&](double v) {
    return plot.percent ? fmt::format("{:.4g} %", 100.0 * v) : fmt::format("{:.4g}", v);
  };
  Svg svg(kWidth, kFloor + 40.0, plot.label);
  for (const double tick : y.ticks(5)) {
    svg.line(kLeft, y.at(tick), kRight, y.at(tick), "grid");
    svg.text(kLeft - 7, y.at(tick) + 4, "end", "tick", value(std::fabs(tick) < 1e-12 ? 0.0 : tick));
  }
  for (const double tick : plot.log_x ? std::vector{across.low, across.high} : x.ticks(6)) {
    svg.text(x.at(tick), kFloor + 15, "middle", "tick", fmt::format("{:.4g}", tick));
  }
  svg.line(kLeft, kFloor, kRight, kFloor, "axis");
  svg.text((kLeft + kRight) / 2, kFloor + 33, "middle", "name", plot.x_axis);
  svg.text(kLeft, kTop - 10, "start", "note", plot.y_axis);
  for (const double mark : plot.marks) svg.line(kLeft, y.at(mark), kRight, y.at(mark), "equal");
  for (const PlotLine& line : plot.lines) {
    const std::string colour = fmt::format("s{}", line.style);
    std::vector<std::pair<double, double>> middle;
    std::vector<std::pair<double, double>> low;
    std::vector<std::pair<double, double>> high;
    for (std::size_t i = 0; i < line.points.size(); ++i) {
      const double at = x.at(line.points[i].first);
      middle.emplace_back(at, y.at(line.points[i].second));
      if (line.bounds.empty()) continue;
      low.emplace_back(at, y.at(line.bounds[i].first));
      high.emplace_back(at, y.at(line.bounds[i].second));
    }
    svg.curve(middle, fmt::format("curve d{} {}", line.style, colour));
    if (!low.empty()) {
      svg.curve(low, "bound " + colour);
      svg.curve(high, "bound " + colour);
    }
  }
  return std::move(svg).finish();
}

}  // namespace vitrine::report
