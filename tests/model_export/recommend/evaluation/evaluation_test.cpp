#include "recommend/evaluation/evaluation.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>

#include "core/shop.h"
#include "data/database.h"
#include "statistics/logged_sessions.h"

namespace vitrine::recommend {

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

bool close(double is, double expected, double tolerance = 1e-9) {
  return std::abs(is - expected) < tolerance;
}

}  // namespace

TEST_CASE("hit rate, reciprocal rank and gain are those worked out by hand") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(), {.k = 4});
  CHECK(result.predictions == 6);
  CHECK(result.unknown_targets == 1);
  CHECK(close(result.hit_rate.mean, 4.0 / 6.0));
  CHECK(close(result.mrr.mean, (1.0 + 1.0 / 3.0 + 1.0 + 1.0 / 3.0) / 6.0));
  CHECK(close(result.ndcg.mean, (1.0 + 0.5 + 1.0 + 0.5) / 6.0));
}

TEST_CASE("first events are also predicted from the country, where the bundle knows it") {
  const OpenBundle shop(small_shop());
  TestSessions sessions = worked_sessions();
  CHECK_FALSE(evaluate(shop.bundle, sessions, {.k = 2}).first_visit_by_market);
  sessions.markets = {kUnknown, 0, 0, kUnknown};
  const Evaluation result = evaluate(shop.bundle, sessions, {.k = 2});
  REQUIRE(result.first_visit_by_market.has_value());
  CHECK(result.first_visit_by_market->with.predictions == 2);
  CHECK(close(result.first_visit_by_market->with.hit_rate.mean, 1.0 / 2.0));  // the tent
  CHECK(close(result.first_visit_by_market->without.hit_rate.mean, 0.0));
}

TEST_CASE("a target beyond k is a miss") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(), {.k = 2});
  CHECK(close(result.hit_rate.mean, 2.0 / 6.0));
  CHECK(close(result.mrr.mean, 2.0 / 6.0));
  CHECK(close(evaluate(shop.bundle, worked_sessions(), {.k = 8}).hit_rate.mean, 5.0 / 6.0));
}

TEST_CASE("dropping the current item moves up what stands below it and loses repeats") {
  const OpenBundle shop(small_shop());
  const Evaluation result =
      evaluate(shop.bundle, worked_sessions(), {.k = 4, .drop_current = true});
  CHECK(result.predictions == 6);
  CHECK(close(result.hit_rate.mean, 3.0 / 6.0));
  CHECK(close(result.mrr.mean, (1.0 + 1.0 / 2.0 + 1.0) / 6.0));
  CHECK(close(result.ndcg.mean, (1.0 + 1.0 / std::log2(3.0) + 1.0) / 6.0));
}

TEST_CASE("filtering seen items moves up what stands below all of them") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(), {.k = 4, .filter_seen = true});
  CHECK(close(result.hit_rate.mean, 3.0 / 6.0));
  CHECK(close(result.mrr.mean, 3.0 / 6.0));
}

TEST_CASE("leaving one out predicts the last event of each session alone") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(), {.k = 4, .last_only = true});
  CHECK(result.predictions == 3);
  CHECK(result.unknown_targets == 0);
  CHECK(close(result.hit_rate.mean, 2.0 / 3.0));
  CHECK(close(result.mrr.mean, (1.0 / 3.0 + 1.0 / 3.0) / 3.0));
}

TEST_CASE("all later items count once each, for every prefix") {
  const OpenBundle shop(small_shop());
  // One session, two prefixes. After mug the list is kettle, bowl, mug, pan; mug, pan, pan are to
  // come: of two items both are there, on places 3 and 4. After mug, mug: the same list, and only
  // pan is to come.
  const Evaluation result =
      evaluate(shop.bundle, sessions_of({{kMug, kMug, kPan, kPan}}), {.k = 4});
  REQUIRE(result.predictions == 3);
  // After mug, mug, pan: kettle, bowl, lamp, mug; pan is to come.
  const double third = 1.0 / std::log2(3.0);
  const double fourth = 1.0 / std::log2(4.0);
  CHECK(close(result.later_precision.mean, (2.0 / 4.0 + 1.0 / 4.0 + 0.0) / 3.0, 1e-6));
  CHECK(close(result.later_recall.mean, (2.0 / 2.0 + 1.0 / 1.0 + 0.0) / 3.0, 1e-6));
  // The first two places count fully, and repeats could have filled places too.
  CHECK(close(result.later_ndcg.mean,
              ((third + fourth) / (1.0 + 1.0 + third) + fourth / (1.0 + 1.0)) / 3.0, 1e-6));
}

TEST_CASE("unknown items among those to come are missed, each as one of its own") {
  const OpenBundle shop(small_shop());
  const Evaluation result =
      evaluate(shop.bundle, sessions_of({{kMug, kKettle, kUnknown, kUnknown}}), {.k = 4});
  REQUIRE(result.predictions == 3);
  CHECK(close(result.later_recall.mean, (1.0 / 3.0) / 3.0, 1e-6));
}

TEST_CASE("first events are predicted from popularity and mixed into nothing else") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(), {.k = 2});
  REQUIRE(result.first_visit.has_value());
  // Mug, lamp, tent, mug against mug, kettle.
  CHECK(result.first_visit->predictions == 4);
  CHECK(close(result.first_visit->hit_rate.mean, 2.0 / 4.0));
  CHECK(close(result.first_visit->mrr.mean, 2.0 / 4.0));
  CHECK(result.predictions == 6);
  // Leaving one out has trained on the first events.
  CHECK_FALSE(evaluate(shop.bundle, worked_sessions(), {.last_only = true}).first_visit);
}

TEST_CASE("the first event of a shopper who comes back is predicted from earlier sessions") {
  bundle::BundleContents contents = small_shop();
  contents.settings.opening_decay = 1.0F;
  const OpenBundle shop(contents);
  TestSessions sessions = sessions_of({{kKettle, kPan}, {kVase, kLamp}, {kTent, kMug}});
  sessions.past = {{.item = kMug, .starts_session = true}, {.item = kLamp, .starts_session = true}};
  sessions.past_of = {{0, 1}, {1, 2}, {0, 0}};
  // A mug leads to the kettle, a lamp to the vase; the third shopper is unknown.
  const Evaluation result = evaluate(shop.bundle, sessions, {.k = 1});
  REQUIRE(result.return_visit.has_value());
  CHECK(result.return_visit->predictions == 2);
  CHECK(close(result.return_visit->hit_rate.mean, 1.0));
  CHECK(close(result.first_visit->hit_rate.mean, 0.0));
  CHECK(result.predictions == 3);
  sessions.past_of.clear();
  CHECK_FALSE(evaluate(shop.bundle, sessions, {.k = 1}).return_visit);
}

TEST_CASE("every segmentation parts the predictions, and their hits, exactly") {
  const OpenBundle shop(small_shop());
  TestSessions sessions = worked_sessions();
  sessions.events[1].kind = EventKind::kCart;
  sessions.events[6].kind = EventKind::kPurchase;
  const Evaluation result = evaluate(shop.bundle, sessions, {.k = 4});
  REQUIRE(result.segmentations.size() == 3);
  for (const Segmentation& segmentation : result.segmentations) {
    INFO(segmentation.key);
    std::size_t predictions = 0;
    double hits = 0.0;
    for (const Segment& segment : segmentation.segments) {
      predictions += segment.accuracy.predictions;
      hits += segment.accuracy.hit_rate.mean * static_cast<double>(segment.accuracy.predictions);
    }
    CHECK(predictions == result.predictions);
    CHECK(close(hits, result.hit_rate.mean * static_cast<double>(result.predictions)));
  }
  const std::vector<Segment>& lengths = result.segmentations[0].segments;
  REQUIRE(lengths.size() == 3);
  CHECK(lengths[0].name == "1");
  CHECK(lengths[0].accuracy.predictions == 3);
  CHECK(close(lengths[0].accuracy.hit_rate.mean, 2.0 / 3.0));
  CHECK(lengths[2].name == "3-4");
  CHECK(lengths[2].accuracy.predictions == 1);
  CHECK(result.segmentations[1].segments.back().name == "not in the bundle");
  const std::vector<Segment>& kinds = result.segmentations[2].segments;
  REQUIRE(kinds.size() == 3);
  CHECK(kinds[0].name == "view");
  CHECK(kinds[1].name == "cart");
  CHECK(close(kinds[1].accuracy.hit_rate.mean, 1.0));
  CHECK(kinds[2].name == "purchase");
  CHECK(kinds[2].accuracy.predictions == 1);
}

TEST_CASE("lists of a baseline are measured by the yardstick of the model") {
  const OpenBundle shop(small_shop());
  bundle::BundleContents reversed = small_shop();
  reversed.attributes.clear();
  reversed.embeddings = {};
  std::swap(reversed.ids[kMug], reversed.ids[kKettle]);
  reversed.session_rows.clear();
  const OpenBundle other(reversed);
  // Both always show mug and kettle: the one by its names for them, the other by its own.
  const layout::Blend popularity{.popularity = 1.0F};
  const TestSessions sessions = sessions_of({{kPan, kPan}, {kPan, kLamp}});
  const Evaluation own = evaluate(shop.bundle, sessions, {.k = 2, .blend = popularity});
  const Evaluation its =
      evaluate(other.bundle, sessions, {.k = 2, .blend = popularity, .reference = &shop.bundle});
  CHECK(own.novelty.mean == its.novelty.mean);
  CHECK(own.diversity.mean == its.diversity.mean);
  CHECK(its.diversity_by == DiversityBy::kCatalogue);
  CHECK(own.coverage == its.coverage);
  CHECK(own.gini == its.gini);
}

TEST_CASE("another blend takes the place of the bundle's own") {
  const OpenBundle shop(small_shop());
  const Evaluation result = evaluate(shop.bundle, worked_sessions(),
                                     {.k = 2, .blend = layout::Blend{.popularity = 1.0F}});
  // Mug and kettle always: the first event of session 1 and the last one of session 4.
  CHECK(close(result.hit_rate.mean, 2.0 / 6.0));
  CHECK(close(result.mrr.mean, (0.5 + 1.0) / 6.0));
  CHECK(close(result.coverage, 2.0 / 8.0));
}

TEST_CASE("sold out items are ranked: the log knows them from before") {
  const OpenBundle shop(small_shop());
  CHECK(evaluate(shop.bundle, sessions_of({{kMug, kBowl}}), {.k = 2}).hit_rate.mean == 1.0);
}

TEST_CASE("nothing to predict gives zeros") {
  const OpenBundle shop(small_shop());
  for (const TestSessions& sessions : {TestSessions{}, sessions_of({{kMug}, {kPan}})}) {
    const Evaluation result = evaluate(shop.bundle, sessions, {.threads = 2});
    CHECK(result.predictions == 0);
    CHECK(result.hit_rate.mean == 0.0);
    CHECK(result.hit_rate.high == 0.0);
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
  for (const Estimate& estimate :
       {one.hit_rate, one.mrr, one.ndcg, one.later_precision, one.later_recall, one.later_ndcg,
        one.novelty, one.diversity, one.head_share}) {
    CHECK(estimate.low < estimate.mean);
    CHECK(estimate.mean < estimate.high);
  }
  // About two standard errors of a share to each side, and no more than a few.
  const double hit_rate = one.hit_rate.mean;
  const double error =
      std::sqrt(hit_rate * (1.0 - hit_rate) / static_cast<double>(one.predictions));
  CHECK(one.hit_rate.high - one.hit_rate.low > 2.0 * error);
  CHECK(one.hit_rate.high - one.hit_rate.low < 8.0 * error);
  const Evaluation four = evaluate(shop.bundle, sessions, {.k = 3, .threads = 4});
  CHECK(nlohmann::json(one) == nlohmann::json(four));
}

TEST_CASE("fewer predictions take every n-th session of all the log") {
  const OpenBundle shop(small_shop());
  std::vector<std::vector<std::uint32_t>> lists;
  for (std::uint32_t i = 0; i < 1000; ++i) lists.push_back({kMug, i < 500 ? kKettle : kTent});
  const Evaluation result = evaluate(shop.bundle, sessions_of(lists),
                                     {.k = 1, .last_only = true, .most_predictions = 100});
  CHECK(result.predictions == 100);
  CHECK(close(result.hit_rate.mean, 0.5));
}

TEST_CASE("test sessions are read in the numbers of the bundle, unknown ids marked") {
  const OpenBundle shop(small_shop());
  const TestSessions sessions = test_sessions_for(
      shop.bundle, {.ids = {"lamp-1", "no such thing", "bowl,\"2\""},
                    .offsets = {0, 2, 3},
                    .items = {0, 1, 2},
                    .kinds = {EventKind::kView, EventKind::kCart, EventKind::kPurchase}});
  CHECK(sessions.offsets == std::vector<std::uint64_t>{0, 2, 3});
  REQUIRE(sessions.events.size() == 3);
  CHECK(sessions.events[0].item == kLamp);
  CHECK(sessions.events[1].item == kUnknown);
  CHECK(sessions.events[1].kind == EventKind::kCart);
  CHECK(sessions.events[2].item == kBowl);
}

TEST_CASE("what a shopper did in earlier sessions is known when the next one begins") {
  const OpenBundle shop(small_shop());
  data::Database database;
  database.execute(
      "CREATE TABLE log AS SELECT session::INTEGER AS session, position::INTEGER AS position, "
      "item, user_key, kind::UTINYINT AS kind, NULL::VARCHAR AS country FROM (VALUES (0, 0, "
      "'mug-1', 'ann', 0), "
      "(0, 1, 'lamp-1', 'ann', 1), (1, 0, 'lamp-1', 'bob', 0), (1, 1, 'mug-1', 'bob', 0), "
      "(2, 0, 'no such thing', 'ann', 0), (2, 1, 'mug-1', 'ann', 0), (3, 0, 'lamp-1', NULL, 0), "
      "(3, 1, 'mug-1', NULL, 0), (4, 0, 'lamp-1', 'ann', 0), (4, 1, 'mug-1', 'ann', 4)) "
      "v(session, position, item, user_key, kind)");
  const TestSessions sessions = test_sessions_for(
      shop.bundle, statistics::read_logged_sessions(database, "log", "session >= 1"));
  REQUIRE(sessions.size() == 4);
  const auto known = [&](std::size_t s) {
    std::vector<std::uint32_t> items;
    const Shopper before = sessions.known_before(s);
    for (const SessionEvent& event : before.events()) items.push_back(event.item);
    return items;
  };
  CHECK(known(0).empty());                                           // bob comes for the first time
  CHECK(known(1) == std::vector<std::uint32_t>{kMug, kLamp});        // ann for the second
  CHECK(known(2).empty());                                           // nobody knows who
  CHECK(known(3) == std::vector<std::uint32_t>{kMug, kLamp, kMug});  // ann for the third
  const Shopper before = sessions.known_before(3);
  CHECK(before.events()[0].starts_session);
  CHECK_FALSE(before.events()[1].starts_session);
  CHECK(before.events()[2].starts_session);
  CHECK(before.events()[1].kind == EventKind::kCart);
}

}  // namespace vitrine::recommend
