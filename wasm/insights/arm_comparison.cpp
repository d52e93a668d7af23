#include "insights/arm_comparison.h"

#include <cmath>

#include "vitrine/stats/bayes.h"
#include "vitrine/stats/sequential.h"

namespace vitrine::insights {

ArmComparison compare_arms(const stats::Sample& control, const stats::Sample& treatment,
                           const ComparisonOptions& options) {
  const stats::Scale scale = options.relative ? stats::Scale::kRelative : stats::Scale::kAbsolute;
  ArmComparison out;
  out.problem = stats::problem_word(stats::comparison_problem(control, treatment, scale));
  if (!out.problem.empty()) return out;
  const stats::Effect effect = stats::effect_of(control, treatment, scale);
  out.estimate = effect.estimate;
  out.standard_error = std::sqrt(effect.variance);
  out.df = effect.df;

  const stats::TTest test = stats::welch(effect, options.alpha);
  out.t = test.t;
  out.p = test.p;
  out.interval = test.interval;

  out.settled = stats::is_settled(control, treatment);
  if (out.settled) {
    const stats::AlwaysValid always =
        stats::confidence_sequence(effect, options.tuning, options.alpha);
    out.always_p = always.p;
    out.always_interval = {effect.estimate - always.halfwidth, effect.estimate + always.halfwidth};
  }

  std::optional<stats::GaussianPrior> prior;
  if (options.prior_sd) prior = {options.prior_mean.value_or(0.0), *options.prior_sd};
  const stats::Posterior posterior = stats::gaussian_posterior(effect, prior, options.alpha);
  out.posterior_mean = posterior.mean;
  out.posterior_sd = posterior.sd;
  out.posterior_interval = posterior.interval;
  out.chance_to_win = posterior.chance_to_win;
  out.loss_of_control = posterior.loss_of_control;
  out.loss_of_treatment = posterior.loss_of_treatment;
  return out;
}

}  // namespace vitrine::insights
