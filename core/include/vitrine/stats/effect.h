#pragma once

#include <cstdint>

#include "vitrine/stats/sample.h"

namespace vitrine::stats {

enum class Scale : std::uint8_t {
  kAbsolute,  // mean of the treatment less that of the control
  kRelative,  // the same, divided by |mean of the control|
};

/// Why two arms cannot be compared. A comparison is made only after this says kNone.
enum class Trouble : std::uint8_t { kNone, kEmptyArm, kTooFewUnits, kZeroVariance, kZeroControl };

/// kEmptyArm: an arm without units; kTooFewUnits: fewer than two; kZeroVariance: no unit differs
/// from another in an arm; kZeroControl: a relative effect of a control whose mean is 0.
[[nodiscard]] Trouble trouble_of(const Sample& control, const Sample& treatment, Scale scale);

/// An estimate of the treatment's effect and its variance; every test and interval takes these two,
/// so that a p-value never contradicts the interval beside it.
struct Effect {
  double estimate = 0.0;
  double variance = 0.0;
  double df = 0.0;     // Welch and Satterthwaite
  double units = 0.0;  // in both arms
};

/// The effect between two arms; a relative one by the delta method (Deng, Knoblich and Lu 2018):
/// Var(b)/a^2 + Var(a) b^2/a^4. Precondition: trouble_of is kNone.
[[nodiscard]] Effect effect_of(const Sample& control, const Sample& treatment, Scale scale);

/// Variance reduction by a value known before the experiment, x of the Moments (CUPED: Deng, Xu,
/// Kohavi and Walker 2013, eq. 6, with one theta, of the units of both arms). A relative effect is
/// divided by the control's mean as it was seen, and its variance takes that into account.
struct Cuped {
  Effect effect;
  double theta = 0.0;
  double variance_reduction = 0.0;  // share of the variance of the plain effect that is gone
};
[[nodiscard]] Cuped cuped(const Moments& control, const Moments& treatment, Scale scale);

}  // namespace vitrine::stats
