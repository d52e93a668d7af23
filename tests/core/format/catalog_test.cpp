#include "vitrine/format/catalog.h"

#include <catch2/catch_test_macros.hpp>

#include "core/shop.h"
#include "vitrine/ranking/filter.h"

namespace vitrine {
namespace {

using testing::OpenBundle;
using testing::small_shop;

std::vector<std::uint32_t> passing(const OpenBundle& shop, const Filter& filter) {
  std::vector<std::uint32_t> items;
  for (std::uint32_t item = 0; item < shop.bundle.item_count(); ++item) {
    if (passes(filter, shop.bundle.catalog(), item)) items.push_back(item);
  }
  return items;
}

using Items = std::vector<std::uint32_t>;

TEST_CASE("Attributes come back as the catalogue gave them") {
  const OpenBundle shop(small_shop());
  const Catalog& catalog = shop.bundle.catalog();
  CHECK(catalog.categories()[catalog.category(testing::kPan)] == "Kitchen/Pans");
  CHECK(catalog.brands()[catalog.brand(testing::kLamp)] == "Lumo");
  CHECK(catalog.price(testing::kPan) == 45.0F);
  CHECK_FALSE(catalog.available(testing::kBowl));
  CHECK(catalog.category(testing::kTent) == layout::kNoCategory);
  CHECK(catalog.brand(testing::kVase) == layout::kNoBrand);
  CHECK(catalog.price(testing::kTent) == layout::kNoPrice);
}

TEST_CASE("A category filter takes the whole subtree, also under a parent that no item names") {
  const OpenBundle shop(small_shop());
  const std::uint32_t kitchen[] = {*shop.bundle.catalog().categories().find("Kitchen")};
  const std::uint32_t mugs[] = {*shop.bundle.catalog().categories().find("Kitchen/Mugs")};
  CHECK(passing(shop, {.categories = kitchen}) ==
        Items{testing::kMug, testing::kKettle, testing::kPan, testing::kNew});
  CHECK(passing(shop, {.categories = mugs, .available_only = false}) ==
        Items{testing::kMug, testing::kBowl, testing::kNew});
}

TEST_CASE("A subtree ends where the path does, not where the text does") {
  bundle::BundleContents contents = small_shop();
  contents.attributes[0].category = "Kitchen aids";
  contents.attributes[1].category = "Kitchen-old/Mugs";
  const OpenBundle shop(contents);
  const std::uint32_t kitchen[] = {*shop.bundle.catalog().categories().find("Kitchen")};
  CHECK(passing(shop, {.categories = kitchen}) == Items{testing::kPan, testing::kNew});
}

TEST_CASE("Price bounds are inclusive and leave out items without a price") {
  const OpenBundle shop(small_shop());
  CHECK(passing(shop, {.min_price = 12.0F, .max_price = 45.0F}) ==
        Items{testing::kMug, testing::kPan, testing::kVase, testing::kNew});
  CHECK(passing(shop, {.max_price = 12.0F, .available_only = false}) ==
        Items{testing::kMug, testing::kBowl});
}

TEST_CASE("A brand filter takes any of the brands named") {
  const OpenBundle shop(small_shop());
  const StringTable& brands = shop.bundle.catalog().brands();
  const std::uint32_t two[] = {*brands.find("Lumo"), *brands.find("Nord")};
  CHECK(passing(shop, {.brands = two}) == Items{testing::kLamp, testing::kTent});
  CHECK_FALSE(brands.find("Lum").has_value());
}

TEST_CASE("A filter on a category number that does not exist lets nothing pass") {
  const OpenBundle shop(small_shop());
  const std::uint32_t unknown[] = {0xFFFFFFFF};
  CHECK(passing(shop, {.categories = unknown}).empty());
}

}  // namespace
}  // namespace vitrine
