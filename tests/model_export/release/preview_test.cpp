#include "release/preview.h"

#include <fmt/format.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>
#include <string>

#include "base/output_file.h"
#include "bundle/bundle_file.h"
#include "core/shop.h"
#include "model_export/command_fixture.h"
#include "vitrine/ranking/ranker.h"
#include "vitrine/split_mix.h"

namespace vitrine::release {
namespace {

/// 4,000 items in a chain of rows, item-0 the best known, with embeddings that take most bytes.
bundle::BundleContents large_shop() {
  SplitMix random(3);
  bundle::BundleContents shop;
  shop.settings = testing::small_shop().settings;
  shop.embeddings.dims = 16;
  for (std::uint32_t i = 0; i < 4000; ++i) {
    shop.ids.push_back(fmt::format("item-{}", i));
    shop.popularity.push_back(4000 - i);
    shop.attributes.push_back({.category = i % 2 == 0 ? "Even" : "Odd",
                               .brand = fmt::format("B{}", i % 7),
                               .price = static_cast<float>(i),
                               .available = i % 5 != 0});
    std::set<std::uint32_t> targets;
    while (targets.size() < 12) targets.insert(static_cast<std::uint32_t>(random.below(4000)));
    for (const std::uint32_t target : targets) {
      shop.session_rows.push_back({i, target, static_cast<float>(0.1 + random.uniform())});
    }
    for (int d = 0; d < 16; ++d) {
      shop.embeddings.values.push_back(static_cast<float>(random.uniform() - 0.5));
    }
  }
  shop.experiments = {{"experiments", nlohmann::json::array()}};
  return shop;
}

std::string id_of(const Bundle& bundle, std::uint32_t item) {
  std::array<char, layout::kMaxIdBytes> id;
  return std::string(ItemNames(bundle.ids()).id_of(item, id));
}

std::map<std::string, float> row_of(const Bundle& bundle, const std::string& id) {
  std::map<std::string, float> row;
  bundle.session_rows().each(*bundle.ids().find(id), [&](std::uint32_t target, float weight) {
    row[id_of(bundle, target)] = weight;
  });
  return row;
}

}  // namespace

TEST_CASE("the best-known items keep their ids, popularity, attributes and rows") {
  const bundle::BundleFile whole = bundle::BundleFile::open(bundle::write_bundle(large_shop()));
  const bundle::BundleFile part =
      bundle::BundleFile::open(bundle::write_bundle(best_known(whole.bundle(), 500)));
  const Bundle& all = whole.bundle();
  const Bundle& known = part.bundle();
  REQUIRE(known.item_count() == 500);
  CHECK(known.verify() == Status::kOk);
  CHECK(known.experiments().empty());
  CHECK(known.embeddings().dims == 0);
  for (std::uint32_t item = 0; item < 500; ++item) {
    const std::string id = id_of(known, item);
    const std::uint32_t before = *all.ids().find(id);
    INFO(id);
    CHECK(std::stoi(id.substr(5)) < 500);
    CHECK(known.popularity().share(item) == all.popularity().share(before));
    CHECK(known.catalog().price(item) == all.catalog().price(before));
    CHECK(known.catalog().available(item) == all.catalog().available(before));
    CHECK(known.catalog().categories()[known.catalog().category(item)] ==
          all.catalog().categories()[all.catalog().category(before)]);
    CHECK(known.catalog().brands()[known.catalog().brand(item)] ==
          all.catalog().brands()[all.catalog().brand(before)]);
    std::map<std::string, float> expected = row_of(all, id);
    std::erase_if(expected, [](const auto& one) { return std::stoi(one.first.substr(5)) >= 500; });
    CHECK(row_of(known, id) == expected);
  }
}

TEST_CASE("a preview shows a first visitor what the bundle shows") {
  bundle::BundleContents shop = large_shop();
  shop.embeddings = {};
  const bundle::BundleFile whole = bundle::BundleFile::open(bundle::write_bundle(shop));
  const bundle::BundleFile preview = bundle::BundleFile::open(
      make_preview(whole.bundle(), bundle::brotli_size(whole.bytes()), 8000));
  const auto list = [](const Bundle& bundle) {
    Ranker ranker(bundle);
    std::array<Ranked, 12> ranked;
    const std::size_t count = ranker.rank({.blend = bundle.settings().recommend}, ranked);
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < count; ++i) ids.push_back(id_of(bundle, ranked[i].item));
    return ids;
  };
  CHECK(list(preview.bundle()) == list(whole.bundle()));
  CHECK(preview.bundle().metadata().find("preview") != std::string_view::npos);
}

TEST_CASE("a preview keeps to its size, and is not made where it would gain little") {
  const bundle::BundleFile whole = bundle::BundleFile::open(bundle::write_bundle(large_shop()));
  const std::size_t size = bundle::brotli_size(whole.bytes());
  for (const std::size_t most : {2000U, 8000U, 16000U}) {
    const std::vector<std::byte> preview = make_preview(whole.bundle(), size, most);
    REQUIRE_FALSE(preview.empty());
    CHECK(bundle::brotli_size(preview) <= most);
    CHECK(bundle::brotli_size(preview) > most / 3);
  }
  CHECK(make_preview(whole.bundle(), size, size / 2).empty());
  CHECK(make_preview(whole.bundle(), size, 200).empty());
  CHECK(make_preview(whole.bundle(), size, 0).empty());
}

TEST_CASE("a preview knows what an overlay says") {
  const Folder folder;
  const std::string bundle = folder.write("shop.vitrine", "");
  base::write_file(bundle, bundle::write_bundle(large_shop()));
  std::string items = "item_id,category,brand,price,available\nitem-3,Odd,B3,5.5,false\n";
  const std::string overlay = folder / "now.overlay";
  REQUIRE(vitrine({"overlay", "--base", bundle, "--items", folder.write("items.csv", items),
                   "--out", overlay})
              .code == 0);
  bundle::BundleFile file = bundle::BundleFile::read(bundle);
  file.apply(overlay);
  const bundle::BundleFile preview =
      bundle::BundleFile::open(bundle::write_bundle(best_known(file.bundle(), 100)));
  const std::uint32_t item = *preview.bundle().ids().find("item-3");
  CHECK(preview.bundle().catalog().price(item) == 5.5F);
  CHECK_FALSE(preview.bundle().catalog().available(item));
}

}  // namespace vitrine::release
