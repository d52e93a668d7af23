#include "vitrine/ranking/filter.h"

#include <algorithm>

namespace vitrine {
namespace {

bool asks_price(const Filter& filter) {
  return filter.min_price > 0.0F || filter.max_price < std::numeric_limits<float>::infinity();
}

}  // namespace

bool asks_catalog(const Filter& filter) {
  return !filter.categories.empty() || !filter.brands.empty() || asks_price(filter);
}

bool passes(const Filter& filter, const Catalog& catalog, std::uint32_t item) {
  if (filter.available_only && !catalog.available(item)) return false;
  if (asks_price(filter)) {
    const float price = catalog.price(item);
    if (price == layout::kNoPrice || !(price >= filter.min_price && price <= filter.max_price)) {
      return false;
    }
  }
  if (!filter.categories.empty()) {
    const std::uint32_t own = catalog.category(item);
    if (own == layout::kNoCategory ||
        std::none_of(filter.categories.begin(), filter.categories.end(), [&](std::uint32_t c) {
          return c <= own && c < catalog.categories().size() && own < catalog.subtree_end(c);
        })) {
      return false;
    }
  }
  if (!filter.brands.empty()) {
    const std::uint32_t own = catalog.brand(item);
    if (own == layout::kNoBrand ||
        std::find(filter.brands.begin(), filter.brands.end(), own) == filter.brands.end()) {
      return false;
    }
  }
  return true;
}

}  // namespace vitrine
