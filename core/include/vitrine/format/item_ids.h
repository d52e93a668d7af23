#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vitrine/format/bundle_layout.h"
#include "vitrine/format/byte_planes.h"
#include "vitrine/format/catalog.h"
#include "vitrine/status.h"

namespace vitrine {

/// Item ids, front-coded in byte order, looked up by binary search without a hash map.
/// A view over the bundle's bytes.
class ItemIds {
 public:
  /// `ids` and `order` are the bytes of the sections kIds and kIdOrder; both must outlive this.
  /// Fails with kBadIds unless blocks lie within the bytes, and with kBadIdOrder unless there is a
  /// number for each id. What both hold is not looked at: reading them checks it. O(item_count /
  /// layout::kIdBlock).
  static Result<ItemIds> open(std::span<const std::byte> ids, std::span<const std::byte> order,
                              std::uint32_t item_count);

  /// Takes the ids of added items, which follow the others, in the place of those before. They must
  /// not be longer than layout::kMaxIdBytes.
  void set_added(const StringTable& ids) { added_ = ids; }

  /// Fails with kBadIds unless ids are UTF-8, sorted and unique, and with kBadIdOrder unless each
  /// has a number of its own. O(bytes).
  [[nodiscard]] Status verify() const;

  /// The number of the item called `id`, if the bundle has it. O(log n), does not allocate.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;

 private:
  friend class ItemNames;
  ItemIds() = default;
  [[nodiscard]] std::uint32_t block_offset(std::uint32_t block) const;
  [[nodiscard]] const std::byte* block_begin(std::uint32_t block) const;

  std::span<const std::byte> bytes_;  // from the block offsets on
  BytePlanes order_;                  // the item of each id
  std::uint32_t item_count_ = 0;
  std::uint32_t block_count_ = 0;
  StringTable added_;
};

/// The way back from numbers to ids.
class ItemNames {
 public:
  /// `ids` must outlive this; what it takes in of added items counts. Allocates 4 * item_count
  /// bytes. O(item_count).
  explicit ItemNames(const ItemIds& ids);

  /// Writes the id of `item` to `out` and returns it as a view of `out`. Does not allocate.
  /// Precondition: there is the item; out holds layout::kMaxIdBytes.
  [[nodiscard]] std::string_view id_of(std::uint32_t item, std::span<char> out) const;

 private:
  const ItemIds* ids_;
  std::vector<std::uint32_t> rank_;  // of each item among the sorted ids
};

}  // namespace vitrine
