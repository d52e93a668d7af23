#include "recommend/models/borrowed_rows.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "model_export/session_entries.h"

namespace vitrine::recommend {

namespace {

/// Items 0 to 3 have events; 4 is like 1 (three quarters) and 2.
const std::vector<model::SessionEntry> kRows = {{0, 1, 0.4F}, {0, 2, 0.8F}, {1, 1, 0.2F},
                                                {1, 2, 0.6F}, {1, 3, 1.0F}, {3, 0, 0.5F}};

AlikeItems one_receiver() { return {.offsets = {0, 2}, .items = {1, 2}, .shares = {0.75F, 0.25F}}; }

}  // namespace

TEST_CASE("an item borrows the mean of what leads to and from alike items") {
  // 0 -> 4: .75 * .4 + .25 * .8. 1 -> 4: 1 counts not for itself, so .6 of item 2 alone.
  // 4 -> 4: .75 * .2. 4 -> 2: .6 of item 1 alone. 4 -> 3: .75 * 1.
  check(borrow_rows(kRows, one_receiver(), 4, 64, 1.0F),
        {{0, 4, 0.5}, {1, 4, 0.6}, {4, 2, 0.6}, {4, 3, 0.75}, {4, 4, 0.15}});
}

TEST_CASE("what is borrowed is weighted, and the largest are kept in either direction") {
  check(borrow_rows(kRows, one_receiver(), 4, 1, 0.5F),
        {{1, 4, 0.3}, {4, 3, 0.375}, {4, 4, 0.075}});
}

TEST_CASE("rows lead to other items without events") {
  // 2 is like 0, 3 like 1; 0 and 1 follow each other.
  const AlikeItems alike = {.offsets = {0, 1, 2}, .items = {0, 1}, .shares = {1.0F, 1.0F}};
  check(borrow_rows({{0, 1, 0.8F}, {1, 0, 0.4F}}, alike, 2, 64, 1.0F),
        {{0, 3, 0.8}, {1, 2, 0.4}, {2, 1, 0.8}, {2, 3, 0.8}, {3, 0, 0.4}, {3, 2, 0.4}});
}

TEST_CASE("who is like nobody borrows nothing") {
  CHECK(borrow_rows(kRows, {.offsets = {0, 0}, .items = {}, .shares = {}}, 4, 64, 1.0F).empty());
  CHECK(borrow_rows({}, one_receiver(), 4, 64, 1.0F).empty());
}

}  // namespace vitrine::recommend
