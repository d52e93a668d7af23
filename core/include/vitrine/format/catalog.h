#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vitrine/format/bundle_layout.h"
#include "vitrine/status.h"

namespace vitrine {

/// A sorted list of strings inside the bundle: u32 count, u32 offset[count + 1], bytes.
class StringTable {
 public:
  /// Opens the table; empty `bytes` give an empty table. Returns false unless all strings are valid
  /// UTF-8, not empty and strictly rising byte by byte, with `separator` sorted before every other
  /// byte. A table that returned false must not be used.
  [[nodiscard]] bool open(std::span<const std::byte> bytes, char separator = '\0');

  [[nodiscard]] std::uint32_t size() const { return count_; }
  /// Precondition: index < size(). The view lives as long as the bundle's bytes.
  [[nodiscard]] std::string_view operator[](std::uint32_t index) const;
  /// Finds the index of `text`. O(log n).
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const;

 private:
  std::span<const std::byte> bytes_;
  std::uint32_t count_ = 0;
  char separator_ = '\0';
};

/// The attributes of items that filters use. Every attribute is optional in a bundle.
class Catalog {
 public:
  struct Sections {
    std::span<const std::byte> categories, brands, item_category, item_brand, item_price,
        item_available;
  };
  /// Opens the catalogue. Fails with kBadStringTable, kBadSectionSize or kBadCatalog. Allocates 4
  /// bytes a category.
  static Result<Catalog> open(const Sections& sections, std::uint32_t item_count);
  Catalog(Catalog&&) = default;
  Catalog& operator=(Catalog&&) = default;

  /// The changes of an overlay to known items, and the attributes of added items. Added items are
  /// numbered after the others.
  struct Changes {
    std::span<const std::uint32_t> priced;     // items whose price changes
    std::span<const float> prices;             // the new price of each of these items
    std::span<const std::uint32_t> available;  // items that become available or stop
                                               // being available
    std::uint32_t added = 0;
    std::span<const std::uint16_t> added_category, added_brand;  // [added], or empty
    std::span<const float> added_price;                          // [added], or empty
    std::span<const std::uint8_t> added_available;  // bits, lowest first; empty: all are available
  };
  /// Applies changes to a catalogue of `item_count` items and replaces the changes applied before.
  /// All item numbers must be below `item_count`. Fails with kBadCatalog; then nothing has changed.
  /// Allocates 9 bytes an item.
  [[nodiscard]] Status change(const Changes& changes, std::uint32_t item_count);

  [[nodiscard]] const StringTable& categories() const { return categories_; }
  [[nodiscard]] const StringTable& brands() const { return brands_; }
  /// Returns one past the last category below `category`. A subtree is a range that begins with
  /// `category` itself.
  [[nodiscard]] std::uint32_t subtree_end(std::uint32_t category) const {
    return subtree_end_[category];
  }

  /// These three return layout::kNoCategory, kNoBrand or kNoPrice when the catalogue has no value.
  [[nodiscard]] std::uint16_t category(std::uint32_t item) const {
    return now_.category.empty() ? layout::kNoCategory : now_.category[item];
  }
  [[nodiscard]] std::uint16_t brand(std::uint32_t item) const {
    return now_.brand.empty() ? layout::kNoBrand : now_.brand[item];
  }
  [[nodiscard]] float price(std::uint32_t item) const {
    return now_.price.empty() ? layout::kNoPrice : now_.price[item];
  }
  [[nodiscard]] bool available(std::uint32_t item) const {
    return now_.available.empty() ||
           ((static_cast<unsigned>(now_.available[item / 8]) >> (item % 8)) & 1U) != 0;
  }

 private:
  Catalog() = default;

  StringTable categories_;
  StringTable brands_;
  std::vector<std::uint32_t> subtree_end_;
  struct Values {
    std::span<const std::uint16_t> category, brand;
    std::span<const float> price;
    std::span<const std::uint8_t> available;
  };
  Values file_;  // as stored in the bundle
  Values now_;
  std::unique_ptr<std::byte[]> changed_;  // memory that now_ points to after a change
};

}  // namespace vitrine
