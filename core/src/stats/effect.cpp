#include "vitrine/stats/effect.h"

#include <cmath>
#include <cstddef>

namespace vitrine::stats {
namespace {

double welch_df(double a, double na, double b, double nb) {
  const double sum = a + b;
  return sum * sum / (a * a / (na - 1.0) + b * b / (nb - 1.0));
}

}  // namespace

std::string_view problem_word(ComparisonProblem problem) {
  constexpr std::string_view kWords[] = {"", "empty-arm", "too-few-units", "zero-variance",
                                         "zero-control"};
  return kWords[static_cast<std::size_t>(problem)];
}

ComparisonProblem comparison_problem(const Sample& control, const Sample& treatment, Scale scale) {
  if (control.n <= 0.0 || treatment.n <= 0.0) return ComparisonProblem::kEmptyArm;
  if (control.n < 2.0 || treatment.n < 2.0) return ComparisonProblem::kTooFewUnits;
  if (!(control.variance > 0.0) || !(treatment.variance > 0.0))
    return ComparisonProblem::kZeroVariance;
  if (scale == Scale::kRelative && control.mean == 0.0) return ComparisonProblem::kZeroControl;
  return ComparisonProblem::kNone;
}

Effect effect_of(const Sample& control, const Sample& treatment, Scale scale) {
  const double a = control.mean_variance();
  const double b = treatment.mean_variance();
  Effect effect{.estimate = treatment.mean - control.mean,
                .variance = a + b,
                .df = welch_df(a, control.n, b, treatment.n),
                .units = control.n + treatment.n};
  if (scale == Scale::kRelative) {
    const double squared = control.mean * control.mean;
    effect.estimate /= std::fabs(control.mean);
    effect.variance = b / squared + a * treatment.mean * treatment.mean / (squared * squared);
  }
  return effect;
}

Cuped cuped(const Moments& control, const Moments& treatment, Scale scale) {
  const Effect plain = effect_of(control.y(), treatment.y(), scale);
  Moments both = control;
  both.add(treatment);
  Cuped result{.effect = plain};
  if (!(both.variance_x() > 0.0)) return result;
  const double theta = both.covariance() / both.variance_x();
  const double difference =
      treatment.mean_y() - control.mean_y() - theta * (treatment.mean_x() - control.mean_x());
  // The effect is difference / scale; `weight` is the influence of the control's mean on it.
  const double divisor = scale == Scale::kRelative ? std::fabs(control.mean_y()) : 1.0;
  const double weight = scale == Scale::kRelative ? 1.0 + difference / control.mean_y() : 1.0;
  const auto spread = [theta](const Moments& arm, double w) {
    return (w * w * arm.variance_y() - 2.0 * w * theta * arm.covariance() +
            theta * theta * arm.variance_x()) /
           arm.n();
  };
  const double a = spread(control, weight);
  const double b = spread(treatment, 1.0);
  if (!(a > 0.0) || !(b > 0.0)) return result;
  result.theta = theta;
  result.effect.estimate = difference / divisor;
  result.effect.variance = (a + b) / (divisor * divisor);
  result.effect.df = welch_df(a, control.n(), b, treatment.n());
  result.variance_reduction = 1.0 - result.effect.variance / plain.variance;
  return result;
}

}  // namespace vitrine::stats
