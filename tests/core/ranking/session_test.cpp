#include "vitrine/ranking/session.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace vitrine {
namespace {

constexpr std::array<float, kEventKinds> kWeights = {1.0F, 2.0F, 3.0F, 1.5F, 0.0F, 0.5F};

std::vector<Source> weigh(std::span<const SessionEvent> events, float decay,
                          float session_decay = 1.0F, bool is_over = false) {
  std::vector<Source> sources(Session::kCapacity);
  sources.resize(weigh_history(events, is_over, {decay, session_decay, 0.125F}, kWeights, sources));
  return sources;
}

TEST_CASE("A full session forgets its oldest event") {
  Session session;
  for (std::uint32_t i = 0; i < Session::kCapacity + 5; ++i) session.record({.item = i});
  CHECK(session.events().size() == Session::kCapacity);
  CHECK(session.events().front().item == 5);
  CHECK(session.events().back().item == Session::kCapacity + 4);
}

TEST_CASE("Weights fall with the events since and rise with the kind of event") {
  const SessionEvent events[] = {{.item = 7}, {.item = 8, .kind = EventKind::kCart}, {.item = 9}};
  const std::vector<Source> sources = weigh(events, 0.5F);
  REQUIRE(sources.size() == 3);
  CHECK(sources[0].item == 9);
  CHECK(sources[0].weight == 1.0F);
  CHECK(sources[1].item == 8);
  CHECK(sources[1].weight == 1.0F);
  CHECK(sources[2].weight == 0.25F);
}

TEST_CASE("An item counts once, by its latest event") {
  const SessionEvent events[] = {{.item = 1}, {.item = 2}, {.item = 1}};
  const std::vector<Source> sources = weigh(events, 0.5F);
  REQUIRE(sources.size() == 2);
  CHECK(sources[0].item == 1);
  CHECK(sources[0].weight == 1.0F);
}

TEST_CASE("Events without weight leave no source") {
  const SessionEvent events[] = {{.item = 1, .kind = EventKind::kRemove}};
  CHECK(weigh(events, 0.5F).empty());
  CHECK(weigh({}, 0.5F).empty());
}

TEST_CASE("Earlier sessions count less each, and each ages from its own end") {
  const SessionEvent events[] = {{.item = 1, .starts_session = true},
                                 {.item = 2},
                                 {.item = 3, .starts_session = true},
                                 {.item = 4, .starts_session = true},
                                 {.item = 5}};
  const std::vector<Source> sources = weigh(events, 0.5F, 0.25F);
  REQUIRE(sources.size() == 5);
  CHECK(sources[0].weight == 1.0F);
  CHECK(sources[1].weight == 0.5F);
  CHECK(sources[2].item == 3);
  CHECK(sources[2].weight == 0.25F);
  CHECK_FALSE(sources[1].earlier);
  CHECK(sources[2].earlier);
  CHECK(sources[3].weight == 0.0625F);
  CHECK(sources[4].weight == 0.03125F);
}

TEST_CASE("Before the first event of a session the last one counts by the opening decay") {
  const SessionEvent events[] = {{.item = 1}, {.item = 2, .starts_session = true}, {.item = 3}};
  const std::vector<Source> sources = weigh(events, 0.5F, 0.25F, true);
  REQUIRE(sources.size() == 3);
  CHECK(sources[0].weight == 0.125F);
  CHECK(sources[0].earlier);
  CHECK(sources[1].weight == 0.0625F);
  CHECK(sources[2].weight == 0.125F * 0.25F);
}

TEST_CASE("With a session decay of 0 the running session counts alone") {
  const SessionEvent events[] = {{.item = 1}, {.item = 2, .starts_session = true}, {.item = 3}};
  CHECK(weigh(events, 0.5F, 0.0F).size() == 2);
  CHECK(running_session(events).size() == 2);
  CHECK(running_session(events).front().item == 2);
  CHECK(running_session({}).empty());
  CHECK(running_session(std::span(events).first(1)).size() == 1);
}

TEST_CASE("A history longer than a session is cut to its latest events") {
  std::vector<SessionEvent> events;
  for (std::uint32_t i = 0; i < 300; ++i) events.push_back({.item = i});
  const std::vector<Source> sources = weigh(events, 1.0F);
  CHECK(sources.size() == Session::kCapacity);
  CHECK(sources.front().item == 299);
}

}  // namespace
}  // namespace vitrine
