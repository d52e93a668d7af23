#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/filter.h"

namespace vitrine {

/// The items of each category and each brand, the best-known first. With it, the items of a filter
/// by name are found without scanning all items.
class ItemGroups {
 public:
  /// Items, the best-known first.
  using List = std::span<const std::uint32_t>;

  /// `bundle` must outlive this.
  explicit ItemGroups(const Bundle& bundle) : bundle_(&bundle) {}

  /// Lists that together hold every item of the categories that `filter` names, once, or where it
  /// names none those of its brands. Nothing when it names neither, or more than kMost. They are
  /// void after the next call. The first call for categories, and for brands, allocates 4 bytes an
  /// item beside what all() does, and is O(items); the others are O(lists + names^2).
  std::span<List> find(const Filter& filter);

  /// All items, the best-known first. The first call allocates 4 bytes an item, and 4 more until it
  /// returns, and is O(items).
  List all();

  /// The best of them, all or at least kHead: lists seldom look further. The first call allocates 8
  /// bytes for each of these, and is O(items).
  List head();

  static constexpr std::size_t kHead = 4096;
  static constexpr std::size_t kMost = 64;

 private:
  struct Groups {
    std::vector<std::uint32_t> begins;  // [groups + 2], empty: not made yet
    std::vector<std::uint32_t> items;
  };
  void make(Groups& groups, bool by_brand, std::uint32_t count);

  const Bundle* bundle_;
  std::vector<std::uint32_t> all_;
  std::vector<std::uint32_t> head_;
  Groups categories_;
  Groups brands_;
  std::vector<List> found_;
};

}  // namespace vitrine
