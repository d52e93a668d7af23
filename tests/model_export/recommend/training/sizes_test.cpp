#include "recommend/training/sizes.h"

#include <catch2/catch_test_macros.hpp>

#include "bundle/bundle_file.h"
#include "core/shop.h"

namespace vitrine::recommend {

TEST_CASE("a model in several sizes, with embeddings where they fit and without") {
  bundle::BundleContents contents = testing::small_shop();
  const std::size_t whole = bundle::write_bundle(contents).size();
  bundle::BundleContents bare = contents;
  bare.session_rows.clear();
  const std::size_t embedded = bundle::write_bundle(bare).size();
  bare.embeddings = {};
  const std::size_t least = bundle::write_bundle(bare).size();
  REQUIRE(least < embedded);
  REQUIRE(embedded < whole);
  const std::vector<Sized> sizes =
      fit_sizes(contents, {least - 1, least, embedded, whole}, SizeOf::kRaw, 1);
  REQUIRE(sizes.size() == 6);
  CHECK(sizes[0].bundle.empty());
  CHECK(sizes[0].size == least);
  CHECK(sizes[1].budget == least);
  CHECK(sizes[1].entries == 0);
  CHECK(sizes[2].dims == 3);
  CHECK(sizes[3].budget == embedded);
  CHECK(sizes[3].entries > sizes[2].entries);
  CHECK(sizes[4].entries == contents.session_rows.size());
  for (const std::size_t bare_one : {1, 3, 5}) CHECK(sizes[bare_one].dims == 0);
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    CHECK(sizes[i].bundle.size() <= sizes[i].budget);
    CHECK(sizes[i].size == sizes[i].bundle.size());
    CHECK(bundle::BundleFile::open(sizes[i].bundle).bundle().item_count() == 8);
  }
}

TEST_CASE("the usual sizes go from an eighth to twice the budget") {
  CHECK(usual_sizes(8000) == std::vector<std::size_t>{1000, 2000, 4000, 8000, 16000});
}

}  // namespace vitrine::recommend
