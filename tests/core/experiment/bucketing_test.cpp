#include "vitrine/experiment/bucketing.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace vitrine {
namespace {

TEST_CASE("The hash takes UTF-16 code units, not UTF-8 bytes") {
  CHECK(bucket(u"seed", u"\u00E9", 2) == 0.8663);
}

TEST_CASE("An unknown hash version assigns nobody") {
  CHECK_FALSE(bucket(u"seed", u"1", 3).has_value());
  CHECK_FALSE(bucket(u"seed", u"1", 0).has_value());
}

TEST_CASE("Weights that do not add up are replaced by equal ones") {
  std::vector<BucketRange> ranges(2);
  const double weights[] = {0.4, 0.1};
  bucket_ranges(1.0, weights, ranges);
  CHECK(ranges[0].end == 0.5);
  CHECK(ranges[1].end == 1.0);
}

}  // namespace
}  // namespace vitrine
