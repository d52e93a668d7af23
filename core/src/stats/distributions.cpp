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

// A result too large or too small for a double is infinity or zero, never an exception.
using Policy = bm::policies::policy<bm::policies::overflow_error<bm::policies::ignore_error>,
                                    bm::policies::underflow_error<bm::policies::ignore_error>>;
using Student = bm::students_t_distribution<long double, Policy>;

constexpr long double kSqrt2 = std::numbers::sqrt2_v<long double>;

}  // namespace

double normal_cdf(double z) { return static_cast<double>(std::erfc(-z / kSqrt2) / 2); }

double normal_sf(double z) { return normal_cdf(-z); }

double normal_density(double z) {
  const long double squared = static_cast<long double>(z) * z;
  return static_cast<double>(std::exp(-squared / 2) /
                             std::sqrt(2 * std::numbers::pi_v<long double>));
}

double normal_quantile(double p) {
  return static_cast<double>(-kSqrt2 * bm::erfc_inv(2 * static_cast<long double>(p), Policy()));
}

double student_cdf(double t, double df) {
  return static_cast<double>(bm::cdf(Student(df), static_cast<long double>(t)));
}

double student_sf(double t, double df) { return student_cdf(-t, df); }

double student_quantile(double p, double df) {
  return static_cast<double>(bm::quantile(Student(df), static_cast<long double>(p)));
}

double chi_squared_sf(double x, double df) {
  return static_cast<double>(
      bm::gamma_q(static_cast<long double>(df) / 2, static_cast<long double>(x) / 2, Policy()));
}

double beta_cdf(double a, double b, double x) {
  return static_cast<double>(bm::ibeta(static_cast<long double>(a), static_cast<long double>(b),
                                       static_cast<long double>(x), Policy()));
}

double beta_sf(double a, double b, double x) {
  return static_cast<double>(bm::ibetac(static_cast<long double>(a), static_cast<long double>(b),
                                        static_cast<long double>(x), Policy()));
}

double beta_density(double a, double b, double x) {
  return static_cast<double>(bm::ibeta_derivative(static_cast<long double>(a),
                                                  static_cast<long double>(b),
                                                  static_cast<long double>(x), Policy()));
}

}  // namespace vitrine::stats
