// In the place of libc's exp, which is three times as fast by a table of 2 KB that no compressor
// shortens: insights calls it some thousand times where somebody asks for a posterior. Within 1
// unit of the last place, as libc's is.
#include <cmath>
#include <limits>

extern "C" double exp(double x) {
  constexpr double kLargest = 709.782712893384;     // log of the largest double
  constexpr double kSmallest = -745.1332191019412;  // log of half of the smallest
  if (x > kLargest) return std::numeric_limits<double>::infinity();
  if (x < kSmallest) return 0.0;
  if (std::isnan(x)) return x;
  // exp(x) = 2^k exp(r). The upper part of log(2) ends in zeros, so that its product with k is
  // exact.
  constexpr double kUpper = 0x1.62e42fee00000p-1;
  constexpr double kLower = 0x1.a39ef35793c76p-33;
  const double k = std::nearbyint(x * 1.4426950408889634);
  const double high = x - k * kUpper;
  const double low = k * kLower;
  const double r = high - low;  // |r| <= log(2) / 2
  // The series of Taylor from its smallest term on: 1 + r (1 + r / 2 (1 + r / 3 (1 + ...))).
  double inner = 0.0;
  for (double n = 14.0; n > 1.0; n -= 1.0) inner = (1.0 + inner) * (r / n);
  const double sum = 1.0 + (high + (r * inner - low));
  return std::scalbn(sum, static_cast<int>(k));
}
