#include "vitrine/stats/sample_ratio.h"

#include <numeric>

#include "vitrine/stats/distributions.h"

namespace vitrine::stats {

SampleRatio sample_ratio(std::span<const double> observed, std::span<const double> weights) {
  const double units = std::accumulate(observed.begin(), observed.end(), 0.0);
  const double weight = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(units > 0.0)) return {};
  SampleRatio result;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    const double expected = units * weights[i] / weight;
    const double off = observed[i] - expected;
    result.chi_squared += off * off / expected;
  }
  result.p = chi_squared_sf(result.chi_squared, static_cast<double>(observed.size()) - 1.0);
  return result;
}

}  // namespace vitrine::stats
