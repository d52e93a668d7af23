#include "report/svg.h"

#include <fmt/format.h>

#include <cmath>

namespace vitrine::report {

std::string coordinate(double value) {
  std::string text = fmt::format("{:.2f}", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

double Scale::at(double value) const {
  const double share = log ? (std::log(value) - std::log(from)) / (std::log(to) - std::log(from))
                           : (value - from) / (to - from);
  return low + share * (high - low);
}

std::vector<double> Scale::ticks(int wanted) const {
  std::vector<double> found;
  if (log) {
    for (double power = std::pow(10.0, std::floor(std::log10(from))); power <= to; power *= 10.0) {
      for (const double digit : {1.0, 2.0, 5.0}) {
        const double value = digit * power;
        if (value >= from * 0.999 && value <= to * 1.001) found.push_back(value);
      }
    }
    return found;
  }
  const double step = round_up((to - from) / wanted);
  for (int i = 0; from + i * step <= to + step * 1e-6; ++i) found.push_back(from + i * step);
  return found;
}

double round_up(double value) {
  if (!(value > 0.0)) return 1.0;
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (digit * power >= value * (1.0 - 1e-9)) return digit * power;
  }
  return 10.0 * power;
}

Svg::Svg(double width, double height, std::string_view label)
    : out_(fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" "
                       "role=\"img\" aria-label=\"{}\">",
                       coordinate(width), coordinate(height), escaped(label))) {}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view look) {
  out_ += fmt::format("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", look,
                      coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2));
}

void Svg::curve(std::span<const std::pair<double, double>> points, std::string_view look) {
  std::string path;
  for (const auto& [x, y] : points) {
    path += fmt::format("{}{},{}", path.empty() ? "" : " ", coordinate(x), coordinate(y));
  }
  out_ += fmt::format("<polyline class=\"{}\" points=\"{}\"/>", look, path);
}

void Svg::text(double x, double y, std::string_view anchor, std::string_view look,
               std::string_view words) {
  out_ += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", look,
                      coordinate(x), coordinate(y), anchor, escaped(words));
}

void Svg::marker(int shape, double x, double y, std::string_view look, std::string_view title) {
  const std::string hover = title.empty() ? "" : fmt::format("<title>{}</title>", escaped(title));
  const auto outline = [&](const std::string& path) {
    out_ += fmt::format("<path class=\"mark {}\" d=\"{}\">{}</path>", look, path, hover);
  };
  const auto m = [&](double dx, double dy) {
    return coordinate(x + dx) + "," + coordinate(y + dy);
  };
  switch (shape) {
    case 0:
      out_ += fmt::format("<circle class=\"mark {}\" cx=\"{}\" cy=\"{}\" r=\"4\">{}</circle>", look,
                          coordinate(x), coordinate(y), hover);
      break;
    case 1:
      outline(fmt::format("M{}L{}L{}L{}Z", m(-3.6, -3.6), m(3.6, -3.6), m(3.6, 3.6), m(-3.6, 3.6)));
      break;
    case 2:
      outline(fmt::format("M{}L{}L{}Z", m(0, -4.6), m(4.4, 3.6), m(-4.4, 3.6)));
      break;
    default:
      outline(fmt::format("M{}L{}L{}L{}Z", m(0, -4.8), m(4.8, 0), m(0, 4.8), m(-4.8, 0)));
  }
}

std::string Svg::finish() && { return std::move(out_) + "</svg>"; }

}  // namespace vitrine::report
