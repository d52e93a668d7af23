#include "statistics/event_log.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "model_export/ingest_fixture.h"
#include "model_export/log_fixture.h"

namespace vitrine::statistics {

namespace {

constexpr std::int64_t kDay = 86400;

/// Ten sessions of four events, one session a day. The third event takes an item out of the cart.
std::vector<LogEvent> ten_sessions() {
  std::vector<LogEvent> log;
  for (std::int32_t session = 0; session < 10; ++session) {
    for (std::int32_t i = 0; i < 4; ++i) {
      log.push_back({.session = session,
                     .position = i,
                     .item = "item" + std::to_string((session + i) % 7),
                     .kind = i == 2 ? EventKind::kRemove : EventKind::kView,
                     .time = session * kDay + i});
    }
  }
  return log;
}

/// How many events are asked for.
std::int64_t asked(const model::LoggedSessions& sessions) {
  return std::count(sessions.asked.begin(), sessions.asked.end(), true);
}

}  // namespace

TEST_CASE("without a split the whole log is to be predicted, without removals from the cart") {
  EventLog log = event_log(ten_sessions());
  CHECK(log.events() == 40);
  const model::LoggedSessions sessions = log.test_sessions();
  REQUIRE(sessions.size() == 10);
  CHECK(sessions.items.size() == 30);
  CHECK(asked(sessions) == 30);
  CHECK(sessions.ids[sessions.items[3]] == "item1");  // the first of the second session
  CHECK(std::set(sessions.ids.begin(), sessions.ids.end()).size() == sessions.ids.size());
  CHECK(sessions.country_of.size() == 10);
  CHECK(sessions.past_sessions.empty());  // no event says whose it is
}

TEST_CASE("a split trains on one part of the log and predicts the other") {
  struct Case {
    std::string split;
    std::int64_t trained;
    std::size_t sessions;
    std::size_t events;
    std::int64_t asked;
  };
  // Three events of a session count.
  const std::vector<Case> cases = {{"fraction=0.2", 24, 2, 6, 6},
                                   {"last-days=2.5", 21, 3, 9, 9},
                                   {"leave-one-out", 10, 10, 30, 30},
                                   {"since=1970-01-09T00:00:01", 25, 2, 6, 5}};
  for (const Case& one : cases) {
    INFO(one.split);
    EventLog log = event_log(ten_sessions());
    log.split(parse_split(one.split));
    CHECK(log.events() == one.trained);
    const model::LoggedSessions sessions = log.test_sessions();
    CHECK(sessions.size() == one.sessions);
    CHECK(sessions.items.size() == one.events);
    CHECK(asked(sessions) == one.asked);
  }
  CHECK(parse_split("leave-one-out").last_only());
  CHECK_FALSE(parse_split("fraction=0.5").last_only());
}

TEST_CASE("a split that cannot be understood is refused with what to write") {
  for (const char* text : {"", "half", "fraction=1", "fraction=x", "last-days=-3", "since=noon",
                           "since='; DROP TABLE events"}) {
    INFO(text);
    try {
      (void)parse_split(text);
      FAIL("it was taken");
    } catch (const base::Error& error) {
      CHECK(error.code() == base::ExitCode::kUsage);
      CHECK(std::string(error.what()).find("--split") != std::string::npos);
    }
  }
}

TEST_CASE("hidden items are gone from training, and not from what is to be predicted") {
  EventLog log = event_log(ten_sessions());
  const Folder folder;
  data::ReadOptions read;
  read.files = {folder.write("items.csv", "item_id\nitem0\nitem1\nitem2\nitem3\nnever-seen\n")};
  log.read_items(read);
  CHECK(log.items_not_in_catalogue() == 3);
  log.split(parse_split("fraction=0.5"));
  CHECK(log.hide_items(1.0, 1) == std::vector<std::string>{"item0", "item1", "item2", "item3"});
  const model::ItemTable items = log.count_items({});
  CHECK(std::set(items.ids.begin(), items.ids.end()) ==
        std::set<std::string>{"item4", "item5", "item6"});
  const model::LoggedSessions sessions = log.test_sessions();
  CHECK(std::find(sessions.ids.begin(), sessions.ids.end(), "item1") != sessions.ids.end());
}

TEST_CASE("held-out sessions and the part that models are made of have nothing in common") {
  EventLog log = event_log(random_log(7, 400, 30));
  const std::int64_t all = static_cast<std::int64_t>(log.test_sessions().items.size());
  const auto events_of = [](const model::ItemTable& items) {
    std::int64_t events = 0;
    for (const std::int64_t count : items.events) events += count;
    return events;
  };
  for (const HoldOut part :
       {HoldOut::kLastSessions, HoldOut::kLastEvents, HoldOut::kLatestEvents}) {
    const HeldOutSessions held_out = log.hold_out(part);
    REQUIRE(held_out.early);
    CHECK(asked(held_out.sessions) > 0);
    CHECK(events_of(held_out.early->count_items({})) + asked(held_out.sessions) == all);
    CHECK(held_out.early->span_days() > 0.0);
    const model::LogStatistics statistics =
        held_out.early->aggregate({}, [](const std::string&, double) {});
    CHECK(statistics.pairs.item_count == statistics.items.ids.size());
  }
  // Its tables are gone with it, and the log is as it was.
  CHECK(log.hold_out(HoldOut::kLastEvents).fingerprint ==
        log.hold_out(HoldOut::kLastEvents).fingerprint);
  CHECK(events_of(log.count_items({})) == all);
}

TEST_CASE("markets do not depend on what was counted between") {
  std::vector<LogEvent> events = random_log(3, 600, 40);
  for (LogEvent& event : events) event.country = event.session % 3 == 0 ? "Norway" : "Sweden";
  EventLog log = event_log(events);
  const HeldOutOpenings openings = log.hold_out_openings();
  CHECK(openings.openings.size() > 50);
  CHECK(openings.openings[0].country != "");
  StatisticsOptions fast;
  fast.popularity_half_life_days = 0.5;
  const model::ItemTable items = openings.before->count_items({});
  const std::vector<model::Market> at_once = openings.before->aggregate_markets({}, items);
  REQUIRE(at_once.size() == 2);
  (void)openings.before->count_items(fast);
  const std::vector<model::Market> later = openings.before->aggregate_markets({}, items);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(later[i].name == at_once[i].name);
    CHECK(later[i].items == at_once[i].items);
  }
}

TEST_CASE("a catalogue comes sorted, with titles in lower case for training alone") {
  EventLog log = event_log(ten_sessions());
  CHECK_FALSE(log.catalogue());
  CHECK_FALSE(log.new_item_counts({}));
  CHECK(log.titles().empty());
  const Folder folder;
  data::ReadOptions read;
  read.files = {folder.write("items.csv",
                             "item_id,title,category,price,available\n"
                             "z,Blue MUG,Mugs,12.5,0\n"
                             "a,,,,\n")};
  log.read_items(read);
  const model::Catalogue catalogue = log.catalogue().value();
  CHECK(catalogue.ids == std::vector<std::string>{"a", "z"});
  CHECK(catalogue.titles == std::vector<std::string>{"", "blue mug"});
  CHECK(catalogue.attributes[0].price == layout::kNoPrice);
  CHECK(catalogue.attributes[0].available);
  CHECK(catalogue.attributes[1].category == "Mugs");
  CHECK_FALSE(catalogue.attributes[1].available);
  CHECK(log.titles().at("z") == "Blue MUG");
}

}  // namespace vitrine::statistics
