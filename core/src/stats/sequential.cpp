#include "vitrine/stats/sequential.h"

#include <algorithm>
#include <cmath>

namespace vitrine::stats {

double mixture_scale(double units, double alpha) {
  const double evidence = -2.0 * std::log(alpha);
  return std::sqrt((evidence + std::log(evidence + 1.0)) / units);
}

bool is_settled(const Sample& control, const Sample& treatment) {
  constexpr double kMostError = 0.2;
  const auto settled = [](const Sample& arm) {
    return arm.mean_variance() <= kMostError * kMostError * arm.mean * arm.mean;
  };
  return settled(control) && settled(treatment);
}

AlwaysValid confidence_sequence(const Effect& effect, double tuning, double alpha) {
  const double rho = mixture_scale(tuning, alpha);
  const double n = effect.units;
  const double mixed = n * rho * rho + 1.0;
  const double z2 = effect.estimate * effect.estimate / effect.variance;
  const double log_p = 0.5 * std::log(mixed) - n * rho * rho * z2 / (2.0 * mixed);
  const double width = 2.0 * mixed * std::log(std::sqrt(mixed) / alpha) / (n * rho * rho);
  return {.p = std::exp(std::min(log_p, 0.0)), .halfwidth = std::sqrt(effect.variance * width)};
}

MixtureTest mixture_test(double n, double sigma2, double tau2, double difference, double alpha) {
  const double v = 2.0 * sigma2;
  const double mixed = v + n * tau2;
  const double log_ratio =
      0.5 * std::log(v / mixed) + n * n * tau2 * difference * difference / (2.0 * v * mixed);
  const double width = v * mixed / (n * n * tau2) * (std::log(mixed / v) - 2.0 * std::log(alpha));
  return {.log_likelihood_ratio = log_ratio,
          .test = {.p = std::exp(std::min(-log_ratio, 0.0)), .halfwidth = std::sqrt(width)}};
}

}  // namespace vitrine::stats
