#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vitrine/bundle_layout.h"
#include "vitrine/status.h"

namespace vitrine {

/// A sorted list of strings inside the bundle: u32 count, u32 offset[count + 1], bytes.
class StringTable {
 public:
  StringTable() = default;
  /// Fails with kBadStringTable unless the strings are valid UTF-8, not empty and strictly rising:
  /// byte by byte, where `separator` sorts before every other byte.
  static Result<StringTable> open(std::span<const std::byte> bytes, char separator = '\0');

  [[nodiscard]] std::uint32_t size() const { return count_; }
  /// Precondition: index < size(). The view lives as long as the bundle's bytes.
  [[nodiscard]] std::string_view operator[](std::uint32_t index) const;
  /// O(log n).
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const;

 private:
  std::span<const std::byte> bytes_;
  std::uint32_t count_ = 0;
  char separator_ = '\0';
};

/// What filters need to know of each item. Every part is optional in a bundle.
class Catalog {
 public:
  struct Sections {
    std::span<const std::byte> categories, brands, item_category, item_brand, item_price,
        item_available;
  };
  /// Fails with kBadStringTable, kBadSectionSize or kBadCatalog. Allocates 4 bytes a category.
  static Result<Catalog> open(const Sections& sections, std::uint32_t item_count);

  [[nodiscard]] const StringTable& categories() const { return categories_; }
  [[nodiscard]] const StringTable& brands() const { return brands_; }
  /// One past the last category below `category`, which itself comes first: subtrees are ranges.
  [[nodiscard]] std::uint32_t subtree_end(std::uint32_t category) const {
    return subtree_end_[category];
  }

  /// layout::kNoCategory, kNoBrand or kNoPrice where the catalogue says nothing.
  [[nodiscard]] std::uint16_t category(std::uint32_t item) const {
    return item_category_.empty() ? layout::kNoCategory : item_category_[item];
  }
  [[nodiscard]] std::uint16_t brand(std::uint32_t item) const {
    return item_brand_.empty() ? layout::kNoBrand : item_brand_[item];
  }
  [[nodiscard]] float price(std::uint32_t item) const {
    return item_price_.empty() ? layout::kNoPrice : item_price_[item];
  }
  [[nodiscard]] bool available(std::uint32_t item) const {
    return item_available_.empty() ||
           ((static_cast<unsigned>(item_available_[item / 8]) >> (item % 8)) & 1U) != 0;
  }

 private:
  StringTable categories_;
  StringTable brands_;
  std::vector<std::uint32_t> subtree_end_;
  std::span<const std::uint16_t> item_category_;
  std::span<const std::uint16_t> item_brand_;
  std::span<const float> item_price_;
  std::span<const std::uint8_t> item_available_;
};

}  // namespace vitrine
