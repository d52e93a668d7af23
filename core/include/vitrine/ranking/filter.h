#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "vitrine/format/catalog.h"

namespace vitrine {

/// Which items may be shown. Empty lists and open bounds let everything pass; an item of which the
/// catalogue does not know what is asked for does not pass.
struct Filter {
  std::span<const std::uint32_t> categories;  // any of these or below them
  std::span<const std::uint32_t> brands;      // any of these
  float min_price = 0.0F;
  float max_price = std::numeric_limits<float>::infinity();
  bool available_only = true;
};

/// Whether it asks for what only a catalogue knows. An item that no bundle knows does not pass
/// then.
[[nodiscard]] bool asks_catalog(const Filter& filter);

/// O(categories + brands).
[[nodiscard]] bool passes(const Filter& filter, const Catalog& catalog, std::uint32_t item);

}  // namespace vitrine
