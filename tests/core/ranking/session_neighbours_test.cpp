#include "vitrine/ranking/session_neighbours.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "core/shop.h"

namespace vitrine {
namespace {

using namespace testing;
using Sets = std::vector<std::set<std::uint32_t>>;  // latest first

constexpr std::array<float, kEventKinds> kWeights = {1.0F, 2.0F, 3.0F, 1.5F, 0.0F, 0.5F};

bundle::BundleContents shop_of(const Sets& sessions, std::uint32_t items) {
  bundle::BundleContents contents;
  for (std::uint32_t i = 0; i < items; ++i) {
    contents.ids.push_back(std::to_string(i));
    contents.popularity.push_back(items - i);
  }
  for (const auto& session : sessions) {
    contents.sessions.items.insert(contents.sessions.items.end(), session.begin(), session.end());
    contents.sessions.offsets.push_back(static_cast<std::uint32_t>(contents.sessions.items.size()));
  }
  std::copy(kWeights.begin(), kWeights.end(), contents.settings.kind_weights);
  return contents;
}

/// Computes the result of explain by its definition and in double precision: the part of each
/// source in the score of each item.
using Parts = std::map<std::uint32_t, std::map<std::uint32_t, double>>;
Parts plain_parts(const Sets& sessions, const layout::NeighbourSettings& settings,
                  const std::vector<SessionEvent>& history) {
  std::vector<SessionEvent> events;  // latest first
  for (std::size_t i = history.size(); i-- > 0 && events.size() < settings.events;) {
    if (kWeights[static_cast<std::size_t>(history[i].kind)] > 0.0F) events.push_back(history[i]);
  }
  struct Neighbour {
    std::size_t session;
    double similarity;
    double match;
    std::map<std::uint32_t, double> shared;  // items and their weights
  };
  std::vector<Neighbour> neighbours;
  std::size_t entries = 0;
  for (const auto& session : sessions) entries += session.size();
  for (std::size_t s = 0; s < sessions.size() && neighbours.size() < settings.sessions; ++s) {
    Neighbour neighbour{s, 0.0, 0.0, {}};
    for (std::size_t place = 0; place < events.size(); ++place) {
      const std::uint32_t item = events[place].item;
      if (!sessions[s].contains(item) || neighbour.shared.contains(item)) continue;
      if (neighbour.shared.empty()) {
        const double reach = settings.reach;
        neighbour.match = std::max(1.0 / reach, 1.0 - static_cast<double>(place + 1) / reach);
      }
      neighbour.shared[item] =
          static_cast<double>(events.size() - place) *
          static_cast<double>(kWeights[static_cast<std::size_t>(events[place].kind)]);
      neighbour.similarity += neighbour.shared[item];
    }
    if (!neighbour.shared.empty()) neighbours.push_back(neighbour);
  }
  std::sort(neighbours.begin(), neighbours.end(), [](const Neighbour& a, const Neighbour& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.session < b.session;
  });
  if (neighbours.size() > settings.neighbours) neighbours.resize(settings.neighbours);
  double total = 0.0;
  for (const Neighbour& neighbour : neighbours) total += neighbour.similarity;
  Parts parts;
  for (const Neighbour& neighbour : neighbours) {
    for (const std::uint32_t item : sessions[neighbour.session]) {
      double with_item = 0.0;
      for (const auto& session : sessions) with_item += session.contains(item) ? 1.0 : 0.0;
      const double all = static_cast<double>(entries);
      const double idf = entries > 1 ? std::log(all / with_item) / std::log(all) : 1.0;
      const double rarity = 1.0 - static_cast<double>(settings.idf) * (1.0 - idf);
      for (const auto& [source, weight] : neighbour.shared) {
        parts[item][source] += weight / total * neighbour.match * rarity;
      }
    }
  }
  return parts;
}

std::vector<float> votes_of(const NeighbourScorer& scorer, std::uint32_t items) {
  ScoreBoard board(items);
  scorer.add_votes(1.0F, board);
  std::vector<float> votes;
  for (std::uint32_t item = 0; item < items; ++item) votes.push_back(board[item]);
  return votes;
}

TEST_CASE("Neighbours are the latest sessions that share an item, and vote for all theirs") {
  // Histories and sums as in the paper: weights 1 for the older, 2 for the latest event.
  const Sets sessions = {{2, 3}, {0, 1, 2}, {0, 4}, {5}};
  const OpenBundle shop(shop_of(sessions, 6));
  NeighbourScorer scorer(shop.bundle.session_sample(), {.idf = 0.0F});
  const SessionEvent history[] = {{.item = 0}, {.item = 1}};
  scorer.find(history, kWeights);
  const std::vector<float> votes = votes_of(scorer, 6);
  // Session 1 shares both (similarity 3, match .9), session 2 the older (1, .8); 4 in all.
  CHECK(std::abs(votes[0] - (0.75F * 0.9F + 0.25F * 0.8F)) < 1e-6F);
  CHECK(std::abs(votes[1] - 0.75F * 0.9F) < 1e-6F);
  CHECK(votes[2] == votes[1]);
  CHECK(std::abs(votes[4] - 0.25F * 0.8F) < 1e-6F);
  CHECK(votes[3] == 0.0F);
  CHECK(votes[5] == 0.0F);
}

TEST_CASE("Of equally similar sessions the later one is the neighbour") {
  const Sets sessions = {{0, 3}, {0, 2}, {0, 1}};
  const OpenBundle shop(shop_of(sessions, 4));
  NeighbourScorer scorer(shop.bundle.session_sample(), {.sessions = 3, .neighbours = 2});
  const SessionEvent history[] = {{.item = 0}};
  scorer.find(history, kWeights);
  const std::vector<float> votes = votes_of(scorer, 4);
  CHECK(votes[3] > 0.0F);
  CHECK(votes[2] > 0.0F);
  CHECK(votes[1] == 0.0F);
}

TEST_CASE("A rare item's vote counts more the larger idf is") {
  const Sets sessions = {{0, 1, 2}, {1, 3}, {1, 4}};
  const OpenBundle shop(shop_of(sessions, 5));
  const SessionEvent history[] = {{.item = 0}};
  const auto common_over_rare = [&](float idf) {
    NeighbourScorer scorer(shop.bundle.session_sample(), {.idf = idf});
    scorer.find(history, kWeights);
    const std::vector<float> votes = votes_of(scorer, 5);
    return votes[1] / votes[2];
  };
  CHECK(common_over_rare(0.0F) == 1.0F);
  CHECK(common_over_rare(0.5F) < 1.0F);
  // log(7 / 3) / log(7 / 1)
  CHECK(std::abs(common_over_rare(1.0F) - std::log(7.0F / 3.0F) / std::log(7.0F)) < 1e-4F);
}

TEST_CASE("Votes and their parts are those of the plain definition, for any sample and history") {
  std::mt19937 random(3);
  const auto pick = [&](std::uint32_t bound) {
    return static_cast<std::uint32_t>(random()) % bound;
  };
  for (int round = 0; round < 300; ++round) {
    // Few items, so that sessions are much alike; or as many as there may be sources, and more.
    const std::uint32_t items = 1 + pick(round % 3 == 0 ? 150 : 30);
    Sets sessions(1 + pick(60));
    for (auto& session : sessions) {
      for (unsigned i = 1 + pick(8); i > 0; --i) session.insert(pick(items));
    }
    const std::uint32_t m = 1 + pick(40);
    const layout::NeighbourSettings settings{.sessions = m,
                                             .neighbours = 1 + pick(m),
                                             .events = 1 + pick(layout::kMaxNeighbourEvents),
                                             .reach = 1 + pick(30),
                                             .idf = static_cast<float>(pick(5)) * 0.25F};
    const OpenBundle shop(shop_of(sessions, items));
    NeighbourScorer scorer(shop.bundle.session_sample(), settings);
    std::vector<SessionEvent> history(pick(120));
    for (SessionEvent& event : history) {
      event = {.item = pick(items), .kind = static_cast<EventKind>(pick(kEventKinds))};
    }
    scorer.find(history, kWeights);
    const std::vector<float> votes = votes_of(scorer, items);
    Parts expected = plain_parts(sessions, settings, history);
    for (std::uint32_t item = 0; item < items; ++item) {
      INFO("round " << round << ", item " << item);
      std::array<float, Session::kCapacity> parts;
      scorer.explain(item, parts);
      double vote = 0.0;
      float sum = 0.0F;
      for (std::size_t s = 0; s < scorer.sources().size(); ++s) {
        const double part = expected[item][scorer.sources()[s].item];
        CHECK(std::abs(static_cast<double>(parts[s]) - part) < 2e-5);
        CHECK(parts[s] >= 0.0F);
        vote += part;
        sum += parts[s];
      }
      CHECK(std::abs(static_cast<double>(votes[item]) - vote) < 2e-5);
      CHECK(votes[item] >= 0.0F);
      CHECK(votes[item] <= 1.0001F);
      CHECK(std::abs(sum - votes[item]) <= 1e-5F);
    }
  }
}

TEST_CASE("The neighbours are the most similar ones at any k, of equal ones the latest") {
  // Similarities 1 to 6, many of each.
  std::mt19937 random(5);
  Sets sessions(200);
  for (std::uint32_t s = 0; s < sessions.size(); ++s) {
    const auto shared = 1 + static_cast<std::uint32_t>(random()) % 7;
    for (std::uint32_t item = 0; item < 3; ++item) {
      if ((shared >> item & 1U) != 0) sessions[s].insert(item);
    }
    sessions[s].insert(3 + s);  // says that this one votes
  }
  const OpenBundle shop(shop_of(sessions, 203));
  const std::vector<SessionEvent> history = {{.item = 0}, {.item = 1}, {.item = 2}};
  for (const std::uint32_t m : {1U, 2U, 50U, 199U, 200U, 201U}) {
    for (std::uint32_t k = 1; k <= m; k += k < 5 ? 1 : 7) {
      const layout::NeighbourSettings settings{.sessions = m, .neighbours = k, .idf = 0.0F};
      NeighbourScorer scorer(shop.bundle.session_sample(), settings);
      scorer.find(history, kWeights);
      const std::vector<float> votes = votes_of(scorer, 203);
      const Parts expected = plain_parts(sessions, settings, history);
      INFO("m " << m << ", k " << k);
      for (std::uint32_t item = 3; item < votes.size(); ++item) {
        CHECK((votes[item] > 0.0F) == expected.contains(item));
      }
    }
  }
}

TEST_CASE("A match a hundred events ago still counts, and never against an item") {
  std::vector<SessionEvent> history;
  Sets sessions = {{0, 200}};
  for (std::uint32_t i = 0; i < Session::kCapacity; ++i) history.push_back({.item = i});
  const OpenBundle shop(shop_of(sessions, 201));
  for (const std::uint32_t reach : {1U, 2U, 10U, 99U, 100U, 101U, 1000U}) {
    NeighbourScorer scorer(shop.bundle.session_sample(), {.events = 100, .reach = reach});
    scorer.find(history, kWeights);
    CHECK(votes_of(scorer, 201)[200] > 0.0F);
  }
}

TEST_CASE("Without history, sample or a shared item nobody votes") {
  const OpenBundle shop(shop_of({{0, 1}}, 3));
  NeighbourScorer scorer(shop.bundle.session_sample(), {});
  const SessionEvent known[] = {{.item = 0}};
  const SessionEvent strange[] = {{.item = 2}};
  const SessionEvent removed[] = {{.item = 0, .kind = EventKind::kRemove}};
  const std::vector<float> none(3);
  scorer.find(known, kWeights);
  CHECK(votes_of(scorer, 3) != none);
  for (const std::span<const SessionEvent> history :
       {std::span<const SessionEvent>(), std::span<const SessionEvent>(strange),
        std::span<const SessionEvent>(removed)}) {
    scorer.find(history, kWeights);
    CHECK(votes_of(scorer, 3) == none);
  }
  const OpenBundle bare(shop_of({}, 3));
  NeighbourScorer nobody(bare.bundle.session_sample(), {});
  nobody.find(known, kWeights);
  CHECK(votes_of(nobody, 3) == none);
  CHECK(nobody.sources().empty());
}

TEST_CASE("Reasons name the shopper's own items that neighbours share") {
  const OpenBundle shop(small_shop());
  const SessionEvent history[] = {{.item = kMug}, {.item = kLamp}};
  const auto list = rank(
      shop.bundle,
      {.history = history, .blend = {.neighbours = 1.0F}, .exclude_seen = true, .explain = true},
      3);
  REQUIRE(!list.empty());
  CHECK(list[0].item == kVase);  // with the lamp, the latest
  REQUIRE(list[0].reason_count == 1);
  CHECK(list[0].reasons[0].kind == ReasonKind::kNeighbours);
  CHECK(list[0].reasons[0].item == kLamp);
  CHECK(std::abs(list[0].reasons[0].score - list[0].score) < 1e-6F);
  CHECK(list[1].reasons[0].item == kMug);
}

}  // namespace
}  // namespace vitrine
