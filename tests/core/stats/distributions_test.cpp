// The distribution functions beside those of Boost.Math, which computes in long double.
#include "vitrine/stats/distributions.h"

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

namespace vitrine::stats {
namespace {

namespace bm = boost::math;

/// Whether `got` is `wanted` within a relative error of 1e-12. Below 1e-290 numbers lose digits.
bool is(double got, long double wanted) {
  const auto want = static_cast<double>(wanted);
  INFO(got << " wanted " << want);
  return std::fabs(want) < 1e-290 ? std::fabs(got) < 1e-289
                                  : std::fabs(got - want) <= 1e-12 * std::fabs(want);
}

TEST_CASE("Quantiles of the normal distribution are right into the far tail") {
  for (const double p : {1e-300, 1e-100, 1e-20, 1e-5, 0.01, 0.0999, 0.1, 0.49999999, 0.7}) {
    INFO(p);
    CHECK(is(normal_quantile(p), -std::sqrt(2.0L) * bm::erfc_inv(2 * static_cast<long double>(p))));
  }
  CHECK(normal_quantile(0.5) == 0.0);
  CHECK(normal_quantile(0.0) == -std::numeric_limits<double>::infinity());
  CHECK(normal_quantile(1.0) == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(normal_quantile(-0.1)));
}

TEST_CASE("Student's t is right from one degree of freedom to a billion") {
  for (const double df : {1.0, 1.3, 2.0, 3.5, 10.0, 29.7, 100.0, 5000.0, 1e6, 1e9}) {
    const bm::students_t_distribution<long double> student(df);
    for (const double t : {-40.0, -10.0, -3.0, -1.0, -0.1, -1e-5, 0.0, 0.5, 3.0}) {
      INFO("t " << t << " df " << df);
      CHECK(is(student_cdf(t, df), bm::cdf(student, static_cast<long double>(t))));
    }
    for (const double p : {1e-15, 1e-10, 1e-5, 0.001, 0.025, 0.0999, 0.1, 0.2, 0.49999,
                           0.4999999999, 0.7, 0.975, 0.9999, 1.0 - 1e-10}) {
      INFO("p " << p << " df " << df);
      CHECK(is(student_quantile(p, df), bm::quantile(student, static_cast<long double>(p))));
    }
    CHECK(student_quantile(0.5, df) == 0.0);
  }
}

TEST_CASE("The tail of chi-squared is right around the mean and far above it") {
  for (const double df : {1.0, 2.0, 3.0, 7.5, 30.0, 500.0, 10000.0, 1e6}) {
    for (const double ratio : {0.0, 1e-6, 0.01, 0.3, 0.9, 1.0, 1.01, 1.5, 3.0, 20.0}) {
      const double x = ratio * df;
      INFO("x " << x << " df " << df);
      if (x == 0.0) {  // the oracle overflows there
        CHECK(chi_squared_sf(x, df) == 1.0);
        continue;
      }
      CHECK(is(chi_squared_sf(x, df),
               bm::gamma_q(static_cast<long double>(df) / 2, static_cast<long double>(x) / 2)));
    }
  }
}

TEST_CASE("Beta distributions are right within eight standard deviations") {
  const auto shapes = {0.3, 0.5, 1.0, 2.5, 30.0, 1000.0, 1e5, 1e6};
  for (const double a : shapes) {
    for (const double b : shapes) {
      const double sd = std::sqrt(a * b / (a + b + 1.0)) / (a + b);
      for (const double z : {-8.0, -5.0, -2.0, -1.0, -0.3, 0.0, 0.3, 1.0, 2.0, 5.0, 8.0}) {
        const double x = a / (a + b) + z * sd;
        if (!(x > 0.0 && x < 1.0)) continue;
        INFO("a " << a << " b " << b << " x " << x);
        const long double la = a;
        const long double lb = b;
        const long double lx = x;
        CHECK(is(beta_cdf(a, b, x), bm::ibeta(la, lb, lx)));
        CHECK(is(beta_sf(a, b, x), bm::ibetac(la, lb, lx)));
        CHECK(is(beta_density(a, b, x), bm::ibeta_derivative(la, lb, lx)));
      }
    }
  }
  CHECK(beta_cdf(2.0, 3.0, 0.0) == 0.0);
  CHECK(beta_cdf(2.0, 3.0, 1.0) == 1.0);
}

}  // namespace
}  // namespace vitrine::stats
