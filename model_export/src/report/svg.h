#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/markup.h"

namespace vitrine::report {

using base::escaped;

/// A coordinate with at most two decimals, as SVG wants it.
[[nodiscard]] std::string coordinate(double value);

/// Numbers along an axis: a linear or logarithmic map from values to coordinates.
struct Scale {
  double from = 0.0;  // value at `low`
  double to = 1.0;    // value at `high`; above `from`
  double low = 0.0;
  double high = 1.0;
  bool log = false;

  [[nodiscard]] double at(double value) const;
  /// About `wanted` round values (1, 2 or 5 times a power of ten) from `from` to `to`.
  [[nodiscard]] std::vector<double> ticks(int wanted) const;
};

/// The least round number of ticks at or above `value`; 1 for anything that is not positive.
[[nodiscard]] double round_up(double value);

/// One drawing. Colours come from the page's style: `look` names classes.
class Svg {
 public:
  /// `label` describes the drawing in words, for people who cannot see it.
  Svg(double width, double height, std::string_view label);

  void line(double x1, double y1, double x2, double y2, std::string_view look);
  void curve(std::span<const std::pair<double, double>> points, std::string_view look);
  /// `anchor`: start, middle or end.
  void text(double x, double y, std::string_view anchor, std::string_view look,
            std::string_view words);
  /// A dot of one of four shapes, so that series differ without colour; `title` is shown on hover.
  void marker(int shape, double x, double y, std::string_view look, std::string_view title = "");

  [[nodiscard]] std::string finish() &&;

 private:
  std::string out_;
};

}  // namespace vitrine::report
