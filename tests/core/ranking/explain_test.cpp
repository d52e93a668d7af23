#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>

#include "core/random_shop.h"
#include "core/shop.h"
#include "vitrine/ranking/ranker.h"

namespace vitrine {
namespace {

using namespace testing;

TEST_CASE("Reasons add up to the score, for every blend") {
  std::mt19937 random(11);
  const OpenBundle shop(random_shop(60, random));
  for (const layout::Blend blend :
       {layout::Blend{1.0F, 0.0F, 0.1F}, layout::Blend{0.0F, 1.0F, 0.0F},
        layout::Blend{0.3F, 2.0F, 0.5F}, layout::Blend{0.3F, 0.0F, 0.1F, 2.0F},
        layout::Blend{0.3F, 2.0F, 0.5F, 1.0F}, layout::Blend{0.3F, 0.0F, 0.5F, 1.0F, 0.7F}}) {
    std::vector<SessionEvent> history;
    for (int i = 0; i < 12; ++i) history.push_back({.item = pick(random, 60)});
    for (const Ranked& ranked :
         rank(shop.bundle, {.history = history, .blend = blend, .explain = true}, 60)) {
      REQUIRE(ranked.reason_count <= kMaxReasons);
      float sum = 0.0F;
      for (std::uint32_t i = 0; i < ranked.reason_count; ++i) sum += ranked.reasons[i].score;
      CHECK(std::abs(sum - ranked.score) <= 1e-5F * std::abs(ranked.score));
    }
  }
}

TEST_CASE("Reasons of a long list say what the row of each source says of each item") {
  std::mt19937 random(7);
  const OpenBundle shop(random_shop(80, random));
  const Bundle& bundle = shop.bundle;
  std::vector<SessionEvent> history;
  for (std::uint32_t item = 3; item < 80; item += 8) history.push_back({.item = item});
  std::array<Source, Session::kCapacity> sources;
  const std::size_t count = weigh_history(
      history, false,
      {.event = bundle.settings().row_decay, .session = bundle.settings().session_decay},
      bundle.settings().kind_weights, sources);
  REQUIRE(count == history.size());
  const auto list =
      rank(bundle, {.history = history, .blend = {.session_rows = 1.0F}, .explain = true}, 80);
  REQUIRE(list.size() > 60);
  std::size_t explained = 0;
  for (const Ranked& ranked : list) {
    for (const Reason& reason : std::span(ranked.reasons).first(ranked.reason_count)) {
      const auto* const source =
          std::find_if(sources.data(), sources.data() + count,
                       [&](const Source& one) { return one.item == reason.item; });
      if (reason.kind == ReasonKind::kOther) continue;  // what did not fit
      REQUIRE(reason.kind == ReasonKind::kSessionRow);
      REQUIRE(source != sources.data() + count);
      float value = bundle.session_rows().find(source->item, ranked.item);
      if (source->item == ranked.item) value += bundle.settings().repeat_weight;
      CHECK(reason.score == source->weight * value);
      ++explained;
    }
  }
  CHECK(explained > 60);
}

}  // namespace
}  // namespace vitrine
