#include "vitrine/bandits/bandit.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "vitrine/experiment/bucketing.h"
#include "vitrine/heap_sort.h"

namespace vitrine::bandits {
namespace {

/// The Gauss-Legendre rule of eight points on [-1, 1]: place and weight.
constexpr std::array<std::array<double, 2>, 8> kRule = {
    {{0.1834346424956498, 0.362683783378362},
     {-0.1834346424956498, 0.362683783378362},
     {0.525532409916329, 0.3137066458778873},
     {-0.525532409916329, 0.3137066458778873},
     {0.7966664774136267, 0.2223810344533745},
     {-0.7966664774136267, 0.2223810344533745},
     {0.9602898564975363, 0.1012285362903763},
     {-0.9602898564975363, 0.1012285362903763}}};

/// A density whose logarithm is this far below its maximum counts as zero.
constexpr double kDepth = 40.0;

/// Returns ln(1 + e^t).
double softplus(double t) { return std::max(t, 0.0) + std::log1p(std::exp(-std::fabs(t))); }

/// Returns the logarithm of the density of a Beta distribution over the logit of its variable, up
/// to a constant.
double log_density(const BanditCounts& shape, double t, double plus) {
  return shape[0] * t - (shape[0] + shape[1]) * plus;
}

/// The densities of several distributions, each scaled to 1 at its maximum.
class Densities {
 public:
  explicit Densities(std::span<const BanditCounts> shapes) : shapes_(shapes) {
    for (const BanditCounts& shape : shapes) {
      const double mode = std::log(shape[0] / shape[1]);
      tops_.push_back(log_density(shape, mode, softplus(mode)));
      ends_.push_back(mode);
      for (const double side : {-0.5, 0.5}) {
        double reach = side * std::sqrt(1.0 / shape[0] + 1.0 / shape[1]);
        for (double fall = 0.0; fall < kDepth; reach *= 1.5) {
          ends_.push_back(mode + reach);
          fall = tops_.back() - log_density(shape, ends_.back(), softplus(ends_.back()));
        }
      }
    }
    heap_sort(ends_);
  }

  /// The ends of the pieces of an integral, ascending.
  [[nodiscard]] const std::vector<double>& ends() const { return ends_; }

  void at(double t, std::vector<double>& out) const {
    const double plus = softplus(t);
    for (std::size_t k = 0; k < shapes_.size(); ++k) {
      out[k] = std::exp(log_density(shapes_[k], t, plus) - tops_[k]);
    }
  }

  /// Adds the integral of each density over one piece.
  void integrate(double from, double to, std::vector<double>& sums,
                 std::vector<double>& working) const {
    const double half = (to - from) / 2.0;
    for (const auto& [x, weight] : kRule) {
      at(from + half * (1.0 + x), working);
      for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += half * weight * working[k];
    }
  }

 private:
  std::span<const BanditCounts> shapes_;
  std::vector<double> tops_;
  std::vector<double> ends_;
};

}  // namespace

std::vector<double> chances_to_be_best(std::span<const BanditCounts> shapes) {
  const Densities densities(shapes);
  const std::vector<double>& ends = densities.ends();
  std::vector<double> chances(shapes.size());
  std::vector<double> below(shapes.size());
  std::vector<double> functions(shapes.size());
  std::vector<double> here(shapes.size());
  std::vector<double> working(shapes.size());
  for (std::size_t piece = 1; piece < ends.size(); ++piece) {
    const double from = ends[piece - 1];
    const double half = (ends[piece] - from) / 2.0;
    for (const auto& [x, weight] : kRule) {
      const double t = from + half * (1.0 + x);
      functions = below;
      densities.integrate(from, t, functions, working);
      densities.at(t, here);
      for (std::size_t k = 0; k < chances.size(); ++k) {
        double product = half * weight * here[k];
        for (std::size_t other = 0; other < chances.size(); ++other) {
          if (other != k) product *= functions[other];
        }
        chances[k] += product;
      }
    }
    densities.integrate(from, ends[piece], below, working);
  }
  double total = 0.0;
  for (const double chance : chances) total += chance;
  for (double& chance : chances) chance /= total;
  return chances;
}

std::vector<double> bandit_propensities(const Bandit& bandit,
                                        std::span<const BanditCounts> outcomes) {
  std::vector<BanditCounts> shapes;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const BanditCounts prior = bandit.priors.empty() ? BanditCounts{1.0, 1.0} : bandit.priors[i];
    shapes.push_back({prior[0] + outcomes[i][0], prior[1] + outcomes[i][1]});
  }
  std::vector<double> best;
  if (bandit.thompson) {
    best = chances_to_be_best(shapes);
  } else {
    for (const BanditCounts& shape : shapes) best.push_back(shape[0] / (shape[0] + shape[1]));
    const double largest = *std::max_element(best.begin(), best.end());
    const auto winners = static_cast<double>(std::count(best.begin(), best.end(), largest));
    for (double& mean : best) mean = mean == largest ? 1.0 / winners : 0.0;
  }
  const auto count = static_cast<double>(best.size());
  for (double& chance : best) chance = (1.0 - bandit.epsilon) * chance + bandit.epsilon / count;
  return best;
}

double bandit_place(std::u16string_view seed, std::u16string_view unit, std::uint64_t round) {
  std::u16string text(seed);
  text.append(u"/").append(unit).append(u"/");
  for (const char digit : std::to_string(round)) text += static_cast<char16_t>(digit);
  // The last step of MurmurHash3 moves similar texts far apart.
  std::uint32_t hash = fnv1a32(text);
  hash = (hash ^ (hash >> 16U)) * 0x85ebca6bU;
  hash = (hash ^ (hash >> 13U)) * 0xc2b2ae35U;
  return static_cast<double>(hash ^ (hash >> 16U)) / 4294967296.0;
}

std::size_t variation_at(std::span<const double> propensities, double place) {
  double end = 0.0;
  for (std::size_t i = 0; i < propensities.size(); ++i) {
    end += propensities[i];
    if (place < end) return i;
  }
  return propensities.size() - 1;
}

}  // namespace vitrine::bandits
