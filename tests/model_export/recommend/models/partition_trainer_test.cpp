#include "recommend/models/partition_trainer.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>

#include "core/shop.h"
#include "vitrine/split_mix.h"

namespace vitrine::recommend {
namespace {

constexpr std::uint32_t kItems = 3000;
constexpr std::size_t kDims = 16;

/// Vectors around 40 centres, some without any.
model::EmbeddingMatrix clustered() {
  SplitMix random(4);
  const auto noise = [&] { return static_cast<float>(random.uniform() + random.uniform() - 1.0); };
  std::vector<float> centres(40 * kDims);
  for (float& value : centres) value = noise();
  model::EmbeddingMatrix matrix{.dims = kDims, .lambda = 1.0F, .residuals = true};
  for (std::uint32_t i = 0; i < kItems; ++i) {
    const std::size_t centre = random.below(40) * kDims;
    for (std::size_t d = 0; d < kDims; ++d) {
      matrix.values.push_back(i % 100 == 99 ? 0.0F : centres[centre + d] + 0.3F * noise());
    }
  }
  return matrix;
}

bundle::BundleContents shop_of(const model::EmbeddingMatrix& embeddings) {
  bundle::BundleContents contents;
  for (std::uint32_t i = 0; i < kItems; ++i) {
    contents.ids.push_back(std::to_string(i));
    contents.popularity.push_back(1.0);
  }
  contents.embeddings = embeddings;
  contents.settings = testing::small_shop().settings;
  contents.settings.similar = {.embeddings = 1.0F};
  return contents;
}

std::set<std::string> similar(const Bundle& bundle, const std::string& id) {
  Ranker ranker(bundle);
  std::vector<Ranked> list(20);
  list.resize(ranker.similar(bundle.ids().find(id).value(), {}, list));
  std::set<std::string> ids;
  const ItemNames names(bundle.ids());
  std::array<char, layout::kMaxIdBytes> text;
  for (const Ranked& ranked : list) ids.emplace(names.id_of(ranked.item, text));
  return ids;
}

}  // namespace

TEST_CASE("every item with a vector gets a partition, the same at any number of threads") {
  const model::EmbeddingMatrix matrix = clustered();
  const model::ItemPartitions one = train_partitions(matrix, {.threads = 1});
  const model::ItemPartitions three = train_partitions(matrix, {.threads = 3});
  CHECK(one.of == three.of);
  CHECK(one.centroids == three.centroids);
  CHECK(one.margin == three.margin);
  const std::size_t partitions = one.centroids.size() / kDims;
  CHECK(partitions == 108);  // 2 sqrt(2970)
  for (std::uint32_t i = 0; i < kItems; ++i) {
    if (i % 100 == 99) {
      REQUIRE(one.of[i] == model::ItemPartitions::kNone);
    } else {
      REQUIRE(one.of[i] < partitions);
    }
  }
}

TEST_CASE("similar items found through partitions are nearly all of the nearest") {
  bundle::BundleContents contents = shop_of(clustered());
  const testing::OpenBundle whole(contents);
  contents.partitions = train_partitions(contents.embeddings, {});
  const testing::OpenBundle divided(contents);
  REQUIRE(divided.bundle.verify() == Status::kOk);
  std::size_t found = 0;
  std::size_t asked = 0;
  for (std::uint32_t i = 0; i < kItems; i += 25) {
    if (i % 100 == 99) continue;
    const std::set<std::string> expected = similar(whole.bundle, std::to_string(i));
    for (const std::string& id : similar(divided.bundle, std::to_string(i))) {
      found += expected.count(id);
    }
    asked += expected.size();
  }
  CHECK(found * 100 >= asked * 97);
}

TEST_CASE("partitions pay from a megabyte of codes on, and need items to divide") {
  model::EmbeddingMatrix matrix{.dims = 16, .values = std::vector<float>(std::size_t{1} << 20U)};
  CHECK(partitions_pay(matrix));
  matrix.values.pop_back();
  CHECK_FALSE(partitions_pay(matrix));
  CHECK_FALSE(partitions_pay({}));
  matrix.values.assign(16 * 50, 1.0F);
  CHECK(train_partitions(matrix, {}).of.empty());
}

}  // namespace vitrine::recommend
