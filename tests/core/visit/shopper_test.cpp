#include "vitrine/visit/shopper.h"

#include <catch2/catch_test_macros.hpp>

namespace vitrine {
namespace {

constexpr std::int64_t kMinute = 60'000;

TEST_CASE("A session ends with a pause longer than the gap, in milliseconds") {
  CHECK_FALSE(session_ended(0, 60'000, 60));
  CHECK(session_ended(0, 60'001, 60));
  CHECK_FALSE(session_ended(60'001, 0, 60));  // a clock that was set back
  CHECK_FALSE(session_ended(0, 1'000'000'000'000, 0));
  CHECK(session_ended(-4'000'000'000'000'000, 4'000'000'000'000'000, 0xFFFFFFFF));
}

TEST_CASE("An event after a pause starts a session, one before its end does not") {
  Shopper shopper(60);
  shopper.record({.item = 1}, 10 * kMinute);
  shopper.record({.item = 2}, 11 * kMinute);
  shopper.record({.item = 3}, 12 * kMinute + 1);
  CHECK_FALSE(shopper.events()[0].starts_session);
  CHECK_FALSE(shopper.events()[1].starts_session);
  CHECK(shopper.events()[2].starts_session);
  REQUIRE(shopper.running(13 * kMinute).size() == 1);
  CHECK(shopper.running(13 * kMinute).front().item == 3);
}

TEST_CASE("After a pause the session is over, though no event has come since") {
  Shopper shopper(60);
  CHECK_FALSE(shopper.session_over(10 * kMinute));
  shopper.record({.item = 1}, 10 * kMinute);
  CHECK_FALSE(shopper.session_over(11 * kMinute));
  CHECK(shopper.session_over(11 * kMinute + 1));
  CHECK(shopper.running(11 * kMinute + 1).empty());
  CHECK(shopper.events().size() == 1);
}

TEST_CASE("A session that is ended by name is over at any time, until the next event") {
  Shopper shopper;
  shopper.record({.item = 1});
  CHECK_FALSE(shopper.session_over(100 * kMinute));
  shopper.end_session();
  CHECK(shopper.session_over());
  shopper.record({.item = 2});
  CHECK_FALSE(shopper.session_over());
  CHECK(shopper.events()[1].starts_session);
  shopper.record({.item = 3, .starts_session = true});
  CHECK(shopper.running().size() == 1);
}

TEST_CASE("A shopper that is cleared has neither events nor a session that ended") {
  Shopper shopper(60);
  shopper.record({.item = 1}, kMinute);
  shopper.end_session();
  shopper.clear();
  CHECK(shopper.events().empty());
  CHECK_FALSE(shopper.session_over(100 * kMinute));
  shopper.record({.item = 2}, 100 * kMinute);
  CHECK_FALSE(shopper.events()[0].starts_session);
}

}  // namespace
}  // namespace vitrine
