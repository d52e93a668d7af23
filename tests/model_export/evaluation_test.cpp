#include "metrics/evaluation.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>

#include "core/shop.h"

namespace vitrine::train::test {

namespace {

using namespace vitrine::testing;

constexpr std::uint32_t kUnknown = TestSessions::kUnknown;

TestSessions sessions_of(const std::vector<std::vector<std::uint32_t>>& lists) {
  TestSessions sessions;
  for (const auto& list : lists) {
    for (const std::uint32_t item : list) sessions.events.push_back({.item = item});
    sessions.offsets.push_back(sessions.events.size());
  }
  return sessions;
}

/// Ranks of the targets among the first four, worked out from small_shop's rows:
///     after mug                kettle .5, bowl .25, mug .01, pan .006      kettle is 1st, mug 3rd
///     after mug, kettle        mug .41, kettle .26, pan .21, bowl .13      pan is 3rd
///     after lamp               vase .6                                     vase is 1st
///     after lamp, (?), vase    lamp, vase, tent, mug                       bowl is none of them
TestSessions worked_sessions() {
  return sessions_of(
      {{kMug, kKettle, kPan}, {kLamp, kUnknown, kVase, kBowl}, {kTent}, {kMug, kMug}});
}

bool close(double is, double expected) { return std::abs(is - expected) < 1e-9; }

}  // namespace

TEST_CASE("hit rate, reciprocal rank and gain are those worked out by hand") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(), {.k = 4});
  CHECK(result.predictions == 6);
  CHECK(result.unknown_targets == 1);
  CHECK(close(result.hit_rate, 4.0 / 6.0));
  CHECK(close(result.mrr, (1.0 + 1.0 / 3.0 + 1.0 + 1.0 / 3.0) / 6.0));
  CHECK(close(result.ndcg, (1.0 + 0.5 + 1.0 + 0.5) / 6.0));
}

TEST_CASE("a target beyond k is a miss") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(), {.k = 2});
  CHECK(close(result.hit_rate, 2.0 / 6.0));
  CHECK(close(result.mrr, 2.0 / 6.0));
  CHECK(close(evaluate(shop.bundle, worked_sessions(), {.k = 8}).hit_rate, 5.0 / 6.0));
}

TEST_CASE("dropping the current item moves up what stands below it and loses repeats") {
  const OpenBundle shop(small_shop());
  const Evaluation result =
      evaluate(shop.bundle, worked_sessions(), {.k = 4, .drop_current = true});
  CHECK(result.predictions == 6);
  CHECK(close(result.hit_rate, 3.0 / 6.0));
  CHECK(close(result.mrr, (1.0 + 1.0 / 2.0 + 1.0) / 6.0));
  CHECK(close(result.ndcg, (1.0 + 1.0 / std::log2(3.0) + 1.0) / 6.0));
}

TEST_CASE("filtering seen items moves up what stands below all of them") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(), {.k = 4, .filter_seen = true});
  CHECK(close(result.hit_rate, 3.0 / 6.0));
  CHECK(close(result.mrr, 3.0 / 6.0));
}

TEST_CASE("leaving one out predicts the last event of each session alone") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(), {.k = 4, .last_only = true});
  CHECK(result.predictions == 3);
  CHECK(result.unknown_targets == 0);
  CHECK(close(result.hit_rate, 2.0 / 3.0));
  CHECK(close(result.mrr, (1.0 / 3.0 + 1.0 / 3.0) / 3.0));
}

TEST_CASE("another blend takes the place of the bundle's own") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(),
                                     {.k = 2, .blend = layout::Blend{.popularity = 1.0F}});
  // Mug and kettle always: the first event of session 1 and the last one of session 4.
  CHECK(close(result.hit_rate, 2.0 / 6.0));
  CHECK(close(result.mrr, (0.5 + 1.0) / 6.0));
  CHECK(close(result.coverage, 2.0 / 8.0));
}

TEST_CASE("sold out items are ranked: the log knows them from before") {
  const OpenBundle shop(small_shop());
  CHECK(evaluate(shop.bundle, sessions_of({{kMug, kBowl}}), {.k = 2}).hit_rate == 1.0);
}

TEST_CASE("nothing to predict gives zeros") {
  const OpenBundle shop(small_shop());
  for (const TestSessions& sessions : {TestSessions{}, sessions_of({{kMug}, {kPan}})}) {
    const Evaluation result = evaluate(shop.bundle, sessions, {.threads = 2});
    CHECK(result.predictions == 0);
    CHECK(result.hit_rate == 0.0);
    CHECK(result.hit_rate_high == 0.0);
  }
}

TEST_CASE("intervals contain the mean, and no number depends on the threads") {
  const OpenBundle shop(small_shop());
  std::mt19937 random(3);
  std::vector<std::vector<std::uint32_t>> lists(500);
  for (auto& list : lists) {
    for (std::size_t i = 2 + random() % 5; i > 0; --i) {
      list.push_back(static_cast<std::uint32_t>(random()) % 8);
    }
  }
  const TestSessions sessions = sessions_of(lists);
  const Evaluation one = evaluate(shop.bundle, sessions, {.k = 3, .threads = 1});
  CHECK(one.hit_rate_low < one.hit_rate);
  CHECK(one.hit_rate < one.hit_rate_high);
  CHECK(one.mrr_low < one.mrr);
  CHECK(one.mrr < one.mrr_high);
  // About two standard errors of a share to each side, and no more than a few.
  const double error =
      std::sqrt(one.hit_rate * (1.0 - one.hit_rate) / static_cast<double>(one.predictions));
  CHECK(one.hit_rate_high - one.hit_rate_low > 2.0 * error);
  CHECK(one.hit_rate_high - one.hit_rate_low < 8.0 * error);
  const Evaluation four = evaluate(shop.bundle, sessions, {.k = 3, .threads = 4});
  CHECK(to_json(one) == to_json(four));
}

TEST_CASE("fewer predictions take every n-th session of all the log") {
  const OpenBundle shop(small_shop());
  std::vector<std::vector<std::uint32_t>> lists;
  for (std::uint32_t i = 0; i < 1000; ++i) lists.push_back({kMug, i < 500 ? kKettle : kTent});
  const Evaluation result = evaluate(shop.bundle, sessions_of(lists),
                                     {.k = 1, .last_only = true, .most_predictions = 100});
  CHECK(result.predictions == 100);
  CHECK(close(result.hit_rate, 0.5));
}

TEST_CASE("test sessions are read in the numbers of the bundle, unknown ids marked") {
  const OpenBundle shop(small_shop());
  Database database;
  const TestSessions sessions = read_test_sessions(
      database,
      "SELECT session::INTEGER, item, kind::UTINYINT FROM (VALUES (3, 'lamp-1', 0), "
      "(3, 'no such thing', 1), (7, 'bowl,\"2\"', 2)) v(session, item, kind) ORDER BY session, "
      "kind",
      shop.bundle);
  CHECK(sessions.offsets == std::vector<std::uint64_t>{0, 2, 3});
  REQUIRE(sessions.events.size() == 3);
  CHECK(sessions.events[0].item == kLamp);
  CHECK(sessions.events[1].item == kUnknown);
  CHECK(sessions.events[1].kind == EventKind::kCart);
  CHECK(sessions.events[2].item == kBowl);
}

}  // namespace vitrine::train::test
