#include "recommend/evaluation/bootstrap.h"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "vitrine/split_mix.h"

namespace vitrine::recommend {

namespace {

SessionSums sums_of(const std::vector<std::pair<std::uint32_t, double>>& values) {
  SessionSums sums(1);
  for (const auto& [session, value] : values) sums.add(session, std::array{value});
  return sums;
}

Estimate only(const SessionSums& sums, std::size_t sessions, unsigned threads = 1) {
  return bootstrap(std::array{sums}, sessions, threads)[0][0];
}

}  // namespace

TEST_CASE("a mean is over predictions, not over sessions") {
  const Estimate estimate = only(sums_of({{0, 1.0}, {0, 1.0}, {0, 1.0}, {4, 0.0}}), 5);
  CHECK(estimate.mean == 0.75);
  CHECK(estimate.low == 0.0);
  CHECK(estimate.high == 1.0);
}

TEST_CASE("what never varies has no width, and what is not there is 0") {
  const Estimate same = only(sums_of({{0, 0.25}, {1, 0.25}, {7, 0.25}}), 8);
  CHECK(same.low == 0.25);
  CHECK(same.high == 0.25);
  const Estimate none = only(SessionSums(1), 8);
  CHECK(none.mean == 0.0);
  CHECK(none.high == 0.0);
  CHECK(only(SessionSums(1), 0).high == 0.0);
}

TEST_CASE("a group of one session has its mean as interval: other samples do not hold it") {
  const Estimate estimate = only(sums_of({{3, 0.5}}), 1000);
  CHECK(estimate.mean == 0.5);
  CHECK(estimate.low == 0.5);
  CHECK(estimate.high == 0.5);
}

TEST_CASE("intervals are as wide as theory has it, wider where a session hangs together") {
  SplitMix random(5);
  SessionSums lone(1);
  SessionSums clustered(1);
  constexpr std::uint32_t kSessions = 4000;
  for (std::uint32_t s = 0; s < kSessions; ++s) {
    lone.add(s, std::array{random.uniform() < 0.3 ? 1.0 : 0.0});
    const double all = random.uniform() < 0.3 ? 1.0 : 0.0;
    for (int i = 0; i < 4; ++i) clustered.add(s, std::array{all});
  }
  const double expected = 2.0 * 1.96 * std::sqrt(0.3 * 0.7 / kSessions);
  for (const SessionSums& sums : {lone, clustered}) {
    const Estimate estimate = only(sums, kSessions);
    const double width = estimate.high - estimate.low;
    CHECK(width > 0.75 * expected);
    CHECK(width < 1.25 * expected);
  }
}

TEST_CASE("groups see the same samples, at any number of threads") {
  SplitMix random(6);
  SessionSums sums(1);
  SessionSums mirrored(1);
  for (std::uint32_t s = 0; s < 300; ++s) {
    const double value = random.uniform();
    sums.add(s, std::array{value});
    mirrored.add(s, std::array{1.0 - value});
  }
  const std::array groups = {sums, mirrored};
  const auto one = bootstrap(groups, 300, 1);
  const auto three = bootstrap(groups, 300, 3);
  CHECK(one[0][0].low == three[0][0].low);
  CHECK(one[1][0].high == three[1][0].high);
  CHECK(std::abs(one[0][0].low - (1.0 - one[1][0].high)) < 1e-12);
}

}  // namespace vitrine::recommend
