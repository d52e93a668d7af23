#include "report/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/svg.h"

namespace vitrine::report {
namespace {

constexpr double kWidth = 360.0;
constexpr double kLeft = 122.0;   // room for labels of rows
constexpr double kRight = 344.0;  // where axes end
constexpr double kBottom = 40.0;  // room for the axis and its name

std::string look(int style) { return fmt::format("s{}", style); }

std::string hover(const std::string& name, const std::string& row, const Measured& m) {
  return fmt::format("{}{}{}: {:.4f} ({:.4f} to {:.4f})", name, row.empty() ? "" : ", ", row,
                     m.mean, m.low, m.high);
}

/// Grid lines, numbers and name of an axis along the bottom.
template <typename Format>
void horizontal_axis(Svg& svg, const Scale& scale, const std::vector<double>& ticks, double top,
                     double bottom, const std::string& name, const Format& format) {
  for (const double tick : ticks) {
    svg.line(scale.at(tick), top, scale.at(tick), bottom, "grid");
    svg.text(scale.at(tick), bottom + 15, "middle", "tick", format(tick));
  }
  svg.line(scale.low, bottom, scale.high, bottom, "axis");
  svg.text((scale.low + scale.high) / 2, bottom + 33, "middle", "name", name);
}

template <typename Format>
void vertical_axis(Svg& svg, const Scale& scale, const std::vector<double>& ticks, double left,
                   double right, const Format& format) {
  for (const double tick : ticks) {
    svg.line(left, scale.at(tick), right, scale.at(tick), "grid");
    svg.text(left - 7, scale.at(tick) + 4, "end", "tick", format(tick));
  }
}

std::string plain(double value) { return fmt::format("{:.4g}", value); }
std::string percent(double value) { return fmt::format("{:.0f} %", value * 100.0); }

}  // namespace

std::string draw(const DotPlot& plot) {
  double largest = 0.0;
  std::size_t most = 1;  // points of a row
  for (std::size_t r = 0; r < plot.rows.size(); ++r) {
    std::size_t here = 0;
    for (const Series& series : plot.series) {
      if (!series.points[r]) continue;
      ++here;
      largest = std::max(largest, series.points[r]->high);
    }
    most = std::max(most, here);
  }
  constexpr double kStep = 12.0;  // between the points of a row
  const double row_height =
      std::max(plot.notes.empty() ? 28.0 : 36.0, 14.0 + kStep * static_cast<double>(most));
  const double bottom = 8.0 + row_height * static_cast<double>(plot.rows.size());
  Scale scale{
      .from = 0.0, .to = largest > 0.0 ? largest * 1.02 : 1.0, .low = kLeft, .high = kRight};
  const std::vector<double> ticks = scale.ticks(6);

  Svg svg(kWidth, bottom + kBottom, plot.axis + " with 95 % intervals; the table has the numbers");
  horizontal_axis(svg, scale, ticks, 8.0, bottom, plot.axis, plain);
  for (std::size_t r = 0; r < plot.rows.size(); ++r) {
    const double middle = 8.0 + row_height * (static_cast<double>(r) + 0.5);
    if (r > 0) svg.line(0, middle - row_height / 2, kRight, middle - row_height / 2, "rule");
    svg.text(kLeft - 10, middle + (plot.notes.empty() ? 4.0 : -2.0), "end", "row", plot.rows[r]);
    if (!plot.notes.empty()) svg.text(kLeft - 10, middle + 12, "end", "note", plot.notes[r]);
    double here = 0.0;
    for (const Series& series : plot.series) here += series.points[r] ? 1.0 : 0.0;
    double y = middle - kStep * (here - 1.0) / 2.0;
    for (const Series& series : plot.series) {
      if (!series.points[r]) continue;
      const Measured& m = *series.points[r];
      const double low = scale.at(std::max(0.0, m.low));
      svg.line(low, y, scale.at(m.high), y, "whisker " + look(series.style));
      svg.line(low, y - 3, low, y + 3, "whisker " + look(series.style));
      svg.line(scale.at(m.high), y - 3, scale.at(m.high), y + 3, "whisker " + look(series.style));
      svg.marker(series.style, scale.at(m.mean), y, look(series.style),
                 hover(series.name, series.name == plot.rows[r] ? "" : plot.rows[r], m));
      y += kStep;
    }
  }
  return std::move(svg).finish();
}

std::string draw(const std::vector<LorenzCurve>& curves) {
  constexpr double kTop = 10.0;
  constexpr double kFloor = 270.0;
  constexpr double kStart = 56.0;
  const Scale x{.low = kStart, .high = kRight};
  const Scale y{.low = kFloor, .high = kTop};
  Svg svg(kWidth, kFloor + kBottom, "Lorenz curves of the number of times each item was shown");
  const std::vector<double> ticks = {0.0, 0.25, 0.5, 0.75, 1.0};
  vertical_axis(svg, y, ticks, kStart, kRight, percent);
  horizontal_axis(svg, x, ticks, kTop, kFloor, "items, the least shown first", percent);
  svg.text(kStart + 8, kTop + 14, "start", "note", "share of places in lists");
  svg.line(x.at(0), y.at(0), x.at(1), y.at(1), "equal");
  for (const LorenzCurve& curve : curves) {
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < curve.shares.size(); ++i) {
      points.emplace_back(
          x.at(static_cast<double>(i) / static_cast<double>(curve.shares.size() - 1)),
          y.at(curve.shares[i]));
    }
    svg.curve(points, fmt::format("curve d{} {}", curve.style, look(curve.style)));
  }
  return std::move(svg).finish();
}

std::string draw(const SizePlot& plot) {
  constexpr double kTop = 12.0;
  constexpr double kFloor = 230.0;
  constexpr double kStart = 56.0;
  double least = 1e300;
  double most = 0.0;
  double smallest = 1e300;
  double largest = 0.0;
  for (const SizeCurve& curve : plot.curves) {
    for (const auto& [bytes, m] : curve.points) {
      least = std::min(least, m.low);
      most = std::max(most, m.high);
      smallest = std::min(smallest, bytes);
      largest = std::max(largest, bytes);
    }
  }
  const double room = std::max((most - least) * 0.1, 1e-4);
  const Scale x{
      .from = smallest / 1.35, .to = largest * 1.35, .low = kStart, .high = kRight, .log = true};
  const double step = round_up((most - least + 2 * room) / 5);
  const Scale y{.from = std::max(0.0, std::floor((least - room) / step) * step),
                .to = std::ceil((most + room) / step) * step,
                .low = kFloor,
                .high = kTop};
  Svg svg(kWidth, kFloor + kBottom, plot.axis + " by size of the bundle");
  vertical_axis(svg, y, y.ticks(5), kStart, kRight, plain);
  std::vector<double> sizes = x.ticks(0);
  if (sizes.size() < 2) {
    sizes = {smallest};
    if (largest > smallest) sizes.push_back(largest);
  }
  horizontal_axis(svg, x, sizes, kTop, kFloor, "size of the bundle (logarithmic)", human_bytes);
  svg.text(kStart + 8, kTop + 14, "start", "note", plot.axis);
  for (const SizeCurve& curve : plot.curves) {
    std::vector<std::pair<double, double>> points;
    for (const auto& [bytes, m] : curve.points) points.emplace_back(x.at(bytes), y.at(m.mean));
    svg.curve(points, fmt::format("curve d{} {}", curve.style, look(curve.style)));
    for (const auto& [bytes, m] : curve.points) {
      svg.line(x.at(bytes), y.at(m.low), x.at(bytes), y.at(m.high), "whisker " + look(curve.style));
      svg.marker(curve.style, x.at(bytes), y.at(m.mean), look(curve.style),
                 hover(human_bytes(bytes), "", m));
    }
  }
  return std::move(svg).finish();
}

std::string legend(const std::vector<std::pair<std::string, int>>& entries) {
  std::string out = "<ul class=\"legend\">";
  for (const auto& [name, style] : entries) {
    Svg svg(30, 14, name);
    svg.line(1, 7, 29, 7, fmt::format("curve d{} {}", style, look(style)));
    svg.marker(style, 15, 7, look(style));
    out += "<li>" + std::move(svg).finish() + escaped(name) + "</li>";
  }
  return out + "</ul>\n";
}

std::string human_bytes(double bytes) {
  const bool mega = bytes >= 999500.0;
  if (!mega && bytes < 1000.0) return fmt::format("{:.0f} B", bytes);
  const double value = bytes / (mega ? 1e6 : 1e3);
  const int digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (digits > 0) text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + (mega ? " MB" : " KB");
}

}  // namespace vitrine::report
