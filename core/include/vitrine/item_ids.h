#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vitrine/bundle_layout.h"
#include "vitrine/byte_planes.h"
#include "vitrine/catalog.h"
#include "vitrine/status.h"

namespace vitrine {

/// Item ids, front-coded in byte order, looked up by binary search without a hash map.
/// A view over the bundle's bytes, plus four bytes an item for the way back from number to id.
class ItemIds {
 public:
  /// `ids` and `order` are the bytes of the sections kIds and kIdOrder; both must outlive this.
  /// Fails with kBadIds unless blocks lie within the bytes, and with kBadIdOrder. What the blocks
  /// hold is not looked at: reading them checks it. Allocates 4 * item_count bytes. O(item_count).
  static Result<ItemIds> open(std::span<const std::byte> ids, std::span<const std::byte> order,
                              std::uint32_t item_count);

  /// Takes the ids of added items, which follow the others, in the place of those before. They must
  /// not be longer than layout::kMaxIdBytes.
  void set_added(const StringTable& ids) { added_ = ids; }

  /// Whether ids are UTF-8, sorted and unique. O(bytes).
  [[nodiscard]] bool verify() const;

  /// The number of the item called `id`, if the bundle has it. O(log n), does not allocate.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;

  /// Writes the id of `item` to `out` and returns it as a view of `out`. Does not allocate.
  /// Precondition: there is the item; out holds layout::kMaxIdBytes.
  [[nodiscard]] std::string_view id_of(std::uint32_t item, std::span<char> out) const;

 private:
  ItemIds() = default;
  [[nodiscard]] std::uint32_t block_offset(std::uint32_t block) const;
  [[nodiscard]] const std::byte* block_begin(std::uint32_t block) const;

  std::span<const std::byte> bytes_;  // from the block offsets on
  BytePlanes order_;                  // the item of each id
  std::uint32_t item_count_ = 0;
  std::uint32_t block_count_ = 0;
  StringTable added_;
  std::vector<std::uint32_t> rank_;  // of each item among the sorted ids
};

}  // namespace vitrine
