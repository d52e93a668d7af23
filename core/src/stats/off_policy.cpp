#include "vitrine/stats/off_policy.h"

#include <algorithm>
#include <cmath>

#include "vitrine/stats/distributions.h"

namespace vitrine::stats {
namespace {

constexpr double kLeastEffective = 100.0;
constexpr double kMissingSigmas = 3.29;  // two-sided 0.001

PolicyValue value_of(const Moments& sums, double alpha) {
  if (sums.mean_x() == 0.0) return {};
  const Sample sample = ratio(sums);
  const double se = std::sqrt(sample.mean_variance());
  const double reach = student_quantile(1.0 - alpha / 2.0, sample.n - 1.0) * se;
  return {.value = sample.mean,
          .standard_error = se,
          .interval = {sample.mean - reach, sample.mean + reach}};
}

}  // namespace

void OffPolicy::add(const Decision& decision) {
  const double weight = decision.target / decision.propensity;
  cluster_.decisions += 1.0;
  cluster_.weight += weight;
  cluster_.weighted_reward += weight * decision.reward;
  cluster_.robust += decision.predicted_target + weight * (decision.reward - decision.predicted);
  decisions_ += 1.0;
  reward_ += decision.reward;
  explored_ += decision.propensity < 1.0 ? 1.0 : 0.0;
  squared_weight_ += weight * weight;
  largest_weight_ = std::max(largest_weight_, weight);
}

void OffPolicy::end_cluster() {
  if (cluster_.decisions > 0.0) {
    weights_.add(cluster_.weight, cluster_.decisions);
    rewards_.add(cluster_.weighted_reward, cluster_.decisions);
    normalized_.add(cluster_.weighted_reward, cluster_.weight);
    robust_.add(cluster_.robust, cluster_.decisions);
  }
  cluster_ = {};
}

OffPolicyEstimate OffPolicy::estimate(double alpha) const {
  OffPolicyEstimate out;
  out.clusters = weights_.n();
  out.decisions = decisions_;
  out.explored = explored_;
  out.largest_weight = largest_weight_;
  if (out.clusters < 2.0) return out;
  const double weight = weights_.n() * weights_.mean_y();
  out.logged_value = reward_ / out.decisions;
  out.effective_size = squared_weight_ > 0.0 ? weight * weight / squared_weight_ : 0.0;
  out.mean_weight = value_of(weights_, alpha);
  out.ips = value_of(rewards_, alpha);
  out.snips = value_of(normalized_, alpha);
  out.doubly_robust = value_of(robust_, alpha);
  return out;
}

SupportProblem support_problem(const OffPolicyEstimate& estimate) {
  if (estimate.clusters < 2.0) return SupportProblem::kNoDecisions;
  if (estimate.explored == 0.0) return SupportProblem::kNotExplored;
  const PolicyValue& weight = estimate.mean_weight;
  if (weight.value + kMissingSigmas * weight.standard_error < 1.0 - 1e-9) {
    return SupportProblem::kMissing;
  }
  if (estimate.effective_size < kLeastEffective) return SupportProblem::kTooFew;
  return SupportProblem::kNone;
}

}  // namespace vitrine::stats
