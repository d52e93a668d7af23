#include "vitrine/stats/distributions.h"

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

namespace vitrine::stats {
namespace {

namespace bm = boost::math;
namespace bp = boost::math::policies;

// Nothing throws: a result too large or too small for a double is infinity or zero, and outside of
// a function's domain there is no number. Nothing is computed in long double, which wasm has to
// emulate.
using Policy =
    bp::policy<bp::overflow_error<bp::ignore_error>, bp::underflow_error<bp::ignore_error>,
               bp::domain_error<bp::ignore_error>, bp::pole_error<bp::ignore_error>,
               bp::evaluation_error<bp::ignore_error>, bp::rounding_error<bp::ignore_error>,
               bp::promote_double<false>, bp::promote_float<false>>;
using Student = bm::students_t_distribution<double, Policy>;

}  // namespace

double normal_cdf(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

double normal_sf(double z) { return normal_cdf(-z); }

double normal_density(double z) {
  return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
}

double normal_quantile(double p) { return -std::numbers::sqrt2 * bm::erfc_inv(2 * p, Policy()); }

double student_cdf(double t, double df) { return bm::cdf(Student(df), t); }

double student_sf(double t, double df) { return student_cdf(-t, df); }

double student_quantile(double p, double df) { return bm::quantile(Student(df), p); }

double chi_squared_sf(double x, double df) { return bm::gamma_q(df / 2, x / 2, Policy()); }

double beta_cdf(double a, double b, double x) { return bm::ibeta(a, b, x, Policy()); }

double beta_sf(double a, double b, double x) { return bm::ibetac(a, b, x, Policy()); }

double beta_density(double a, double b, double x) {
  return bm::ibeta_derivative(a, b, x, Policy());
}

}  // namespace vitrine::stats
