#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vitrine::report {

struct Measured {
  double mean = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// One model in a chart. `style` (0 to 3) decides colour, shape and dash.
struct Series {
  std::string name;
  int style = 0;
  std::vector<std::optional<Measured>> points;  // one a row; none: no point there
};

/// Rows of dots with whiskers over one linear axis that starts at 0.
struct DotPlot {
  std::string axis;                // "HR@20"
  std::vector<std::string> rows;   // labels
  std::vector<std::string> notes;  // smaller, below the labels; as many, or none at all
  std::vector<Series> series;
};
[[nodiscard]] std::string draw(const DotPlot& plot);

/// Lorenz curves: the share of showings (y) of the least shown items (x), with the line of equal
/// exposure.
struct LorenzCurve {
  std::string name;
  int style = 0;
  std::vector<double> shares;  // at even steps of x from 0 to 1
};
[[nodiscard]] std::string draw(const std::vector<LorenzCurve>& curves);

/// Quality over bytes, on a logarithmic axis.
struct SizeCurve {
  int style = 0;
  std::vector<std::pair<double, Measured>> points;  // bytes, quality; bytes rising
};
struct SizePlot {
  std::string axis;               // of quality
  std::vector<SizeCurve> curves;  // with one point at least between them
};
[[nodiscard]] std::string draw(const SizePlot& plot);

/// The shapes and colours of a chart in words.
[[nodiscard]] std::string legend(const std::vector<std::pair<std::string, int>>& entries);

/// "1.94 MB", "65.3 KB", "512 B": decimal, as --max-bytes takes them.
[[nodiscard]] std::string human_bytes(double bytes);

}  // namespace vitrine::report
