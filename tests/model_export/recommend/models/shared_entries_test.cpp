#include "recommend/models/shared_entries.h"

#include <catch2/catch_test_macros.hpp>

namespace vitrine::recommend {

TEST_CASE("a model of sequences tells of no pair and no order that the statistics lack") {
  // 0 then 1 is a pair with an order; 0 and 2 are one without; 1 and 2 are none.
  const model::PairStatistics pairs{.item_count = 3,
                                    .offsets = {0, 3, 5, 7},
                                    .partner = {0, 1, 2, 0, 1, 0, 2},
                                    .together = {9, 5, 5, 5, 9, 5, 9},
                                    .past = {9, 1, 1, 1, 9, 1, 9},
                                    .future = {0, 4, 2, 0, 3, 2, 0}};
  std::vector<model::SessionEntry> entries = {{0, 0, 0.1F}, {1, 0, 0.2F}, {2, 0, 0.3F},   // to 0
                                              {0, 1, 0.4F}, {1, 1, 0.5F}, {2, 1, 0.6F},   // to 1
                                              {0, 2, 0.7F}, {1, 2, 0.8F}, {2, 2, 0.9F}};  // to 2
  keep_shared_entries(entries, pairs);
  REQUIRE(entries.size() == 4);
  CHECK((entries[0].source == 2 && entries[0].target == 0));
  CHECK((entries[1].source == 0 && entries[1].target == 1 && entries[1].weight == 0.4F));
  CHECK((entries[2].source == 1 && entries[2].target == 1 && entries[2].weight == 0.5F));
  CHECK((entries[3].source == 0 && entries[3].target == 2));
  CHECK(entries[0].weight == entries[3].weight);
  CHECK(entries[0].weight == (0.3F + 0.7F) / 2.0F);
}

}  // namespace vitrine::recommend
