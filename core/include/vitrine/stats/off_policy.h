#pragma once

#include "vitrine/stats/frequentist.h"
#include "vitrine/stats/sample.h"

namespace vitrine::stats {

/// One logged choice, with the data for evaluating another policy.
struct Decision {
  double reward = 0.0;
  double propensity = 1.0;        // probability with which the choice was logged; (0, 1]
  double target = 0.0;            // probability with which the other policy makes this choice
  double predicted = 0.0;         // reward of the choice predicted by a model
  double predicted_target = 0.0;  // mean predicted reward of the other policy's choices
};

/// The value of the other policy for one decision, with an error that respects clusters of
/// decisions.
struct PolicyValue {
  double value = 0.0;
  double standard_error = 0.0;
  Interval interval;  // 1 - alpha, by Student's t over clusters
};

/// The evaluation of a policy from the log of another policy.
struct OffPolicyEstimate {
  double clusters = 0.0;
  double decisions = 0.0;
  double explored = 0.0;        // decisions with a propensity below 1
  double logged_value = 0.0;    // mean reward in the log
  double effective_size = 0.0;  // (sum w)^2 / sum w^2 (Kong 1992)
  double largest_weight = 0.0;
  PolicyValue mean_weight;    // 1 when the log has all choices of the other policy
  PolicyValue ips;            // inverse propensity scoring (Horvitz and Thompson 1952)
  PolicyValue snips;          // self-normalized (Swaminathan and Joachims 2015)
  PolicyValue doubly_robust;  // (Dudik, Langford and Li 2011)
};

/// Adds decisions by cluster. The decisions of one unit form a cluster.
class OffPolicy {
 public:
  /// Precondition: propensity in (0, 1].
  void add(const Decision& decision);
  /// Ends a cluster. A cluster without decisions is ignored.
  void end_cluster();

  /// Returns ratios of sums over clusters, with the delta method. Precondition: at least two
  /// clusters have decisions.
  [[nodiscard]] OffPolicyEstimate estimate(double alpha) const;

 private:
  struct Sums {
    double decisions = 0.0;
    double weight = 0.0;
    double weighted_reward = 0.0;
    double robust = 0.0;
  };
  Sums cluster_;
  Moments weights_;     // y: weight, x: decisions
  Moments rewards_;     // y: weighted reward, x: decisions
  Moments normalized_;  // y: weighted reward, x: weight
  Moments robust_;      // y: doubly robust, x: decisions
  double decisions_ = 0.0;
  double reward_ = 0.0;
  double explored_ = 0.0;
  double squared_weight_ = 0.0;
  double largest_weight_ = 0.0;
};

/// The reason why a log cannot be used to evaluate another policy.
enum class SupportProblem {
  kNone,
  kNoDecisions,  // fewer than two clusters
  kNotExplored,  // all propensities are 1
  kMissing,      // the log lacks choices of the other policy
  kTooFew,       // the effective sample is below 100 decisions
};
[[nodiscard]] SupportProblem support_problem(const OffPolicyEstimate& estimate);

}  // namespace vitrine::stats
