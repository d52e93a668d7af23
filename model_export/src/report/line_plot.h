#pragma once

#include <string>
#include <utility>
#include <vector>

namespace vitrine::report {

/// A line, with thinner ones around it where it has bounds. `style` (0 to 3) decides colour and
/// dash.
struct PlotLine {
  int style = 0;
  std::vector<std::pair<double, double>> points;  // x rising
  std::vector<std::pair<double, double>> bounds;  // low, high; as many as points, or none at all
};

/// Lines over two axes.
struct LinePlot {
  std::string label;     // in words, for who does not see it
  std::string x_axis;    // name
  std::string y_axis;    // name
  bool log_x = false;    // then all x are above 0
  bool percent = false;  // y is a share
  std::vector<PlotLine> lines;
  std::vector<double> marks;  // values of y with a dashed line through them
};

/// Empty when no line has a point.
[[nodiscard]] std::string draw(const LinePlot& plot);

}  // namespace vitrine::report
