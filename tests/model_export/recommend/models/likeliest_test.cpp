#include "recommend/models/likeliest.h"

#include <catch2/catch_test_macros.hpp>
#include <numeric>

#include "vitrine/split_mix.h"

namespace vitrine::recommend {

TEST_CASE("the likeliest are those that a sort puts first, whatever the blocks") {
  SplitMix random(7);
  std::vector<float> logits(5000);
  for (float& logit : logits) logit = static_cast<float>(random.below(900));  // with ties
  std::vector<std::uint32_t> sorted(logits.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return logits[a] > logits[b]; });
  for (const std::size_t kept : {1U, 37U, 100U, 6000U}) {
    for (const std::size_t block : {1U, 31U, 512U, 5000U}) {
      Likeliest likeliest(kept);
      for (std::size_t from = 0; from < logits.size(); from += block) {
        likeliest.add(static_cast<std::uint32_t>(from),
                      std::span(logits).subspan(from, std::min(block, logits.size() - from)));
      }
      std::vector<std::uint32_t> found;
      for (const auto& target : likeliest.targets()) {
        CHECK(target.logit == logits[target.item]);
        found.push_back(target.item);
      }
      std::vector<std::uint32_t> expected(
          sorted.begin(),
          sorted.begin() + static_cast<std::ptrdiff_t>(std::min(kept, sorted.size())));
      std::sort(found.begin(), found.end());
      std::sort(expected.begin(), expected.end());
      CHECK(found == expected);
    }
  }
}

}  // namespace vitrine::recommend
