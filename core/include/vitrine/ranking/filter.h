#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "vitrine/format/catalog.h"

namespace vitrine {

/// The conditions for items of a list. Empty lists and open bounds let every item pass. An item
/// whose value the catalogue does not have does not pass.
struct Filter {
  std::span<const std::uint32_t> categories;  // any of these or below them
  std::span<const std::uint32_t> brands;      // any of these
  float min_price = 0.0F;
  float max_price = std::numeric_limits<float>::infinity();
  bool available_only = true;
};

/// Returns true when the filter needs the catalogue. Items that the bundle does not know do not
/// pass such a filter.
[[nodiscard]] bool asks_catalog(const Filter& filter);

/// O(categories + brands).
[[nodiscard]] bool passes(const Filter& filter, const Catalog& catalog, std::uint32_t item);

}  // namespace vitrine
