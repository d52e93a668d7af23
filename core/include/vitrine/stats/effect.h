#pragma once

#include <cstdint>
#include <string_view>

#include "vitrine/stats/sample.h"

namespace vitrine::stats {

enum class Scale : std::uint8_t {
  kAbsolute,  // mean of the treatment minus mean of the control
  kRelative,  // the same, divided by |mean of the control|
};

/// The reason why two arms cannot be compared. A comparison may be made only when this is kNone.
enum class ComparisonProblem : std::uint8_t {
  kNone,
  kEmptyArm,
  kTooFewUnits,
  kZeroVariance,
  kZeroControl
};

/// "empty-arm", "too-few-units", "zero-variance", "zero-control"; empty for kNone.
[[nodiscard]] std::string_view problem_word(ComparisonProblem problem);

/// Returns kEmptyArm for an arm without units, kTooFewUnits for fewer than two units, kZeroVariance
/// when all units of an arm have the same value, and kZeroControl for a relative effect when the
/// control's mean is 0.
[[nodiscard]] ComparisonProblem comparison_problem(const Sample& control, const Sample& treatment,
                                                   Scale scale);

/// An estimate of the treatment's effect, and its variance. Every test and interval uses these two
/// values, so that a p-value never contradicts its interval.
struct Effect {
  double estimate = 0.0;
  double variance = 0.0;
  double df = 0.0;     // Welch and Satterthwaite
  double units = 0.0;  // in both arms
};

/// Computes the effect between two arms. A relative effect uses the delta method (Deng, Knoblich
/// and Lu 2018): Var(b)/a^2 + Var(a) b^2/a^4. Precondition: comparison_problem is kNone.
[[nodiscard]] Effect effect_of(const Sample& control, const Sample& treatment, Scale scale);

/// Variance reduction by a value known before the experiment, x of the Moments (CUPED: Deng, Xu,
/// Kohavi and Walker 2013, eq. 6, with one theta from the units of both arms). A relative effect is
/// divided by the unadjusted mean of the control, and its variance takes that into account.
struct Cuped {
  Effect effect;
  double theta = 0.0;
  double variance_reduction = 0.0;  // removed share of the variance of the plain effect
};
[[nodiscard]] Cuped cuped(const Moments& control, const Moments& treatment, Scale scale);

}  // namespace vitrine::stats
