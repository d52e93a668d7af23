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

/// The item ids, front-coded in byte order. Look-up is a binary search and needs no hash map. This
/// is a view over the bundle's bytes.
class ItemIds {
 public:
  /// Opens the ids. `ids` and `order` are the bytes of the sections kIds and kIdOrder; both must
  /// outlive this object. Fails with kBadIds unless all blocks lie within the bytes, and with
  /// kBadIdOrder unless `order` has a number for each id. The content of the blocks is not checked
  /// here, because every later read checks it. O(item_count / layout::kIdBlock).
  static Result<ItemIds> open(std::span<const std::byte> ids, std::span<const std::byte> order,
                              std::uint32_t item_count);

  /// Sets the ids of added items, which are numbered after the others, and replaces those set
  /// before. No id may be longer than layout::kMaxIdBytes.
  void set_added(const StringTable& ids) { added_ = ids; }

  /// Fails with kBadIds unless the ids are UTF-8, sorted and unique, and with kBadIdOrder unless
  /// each id has a different number. O(bytes).
  [[nodiscard]] Status verify() const;

  /// Returns the number of the item with this id if the bundle has it. O(log n), does not allocate.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;

 private:
  friend class ItemNames;
  ItemIds() = default;
  [[nodiscard]] std::uint32_t block_offset(std::uint32_t block) const;
  [[nodiscard]] const std::byte* block_begin(std::uint32_t block) const;

  std::span<const std::byte> bytes_;  // starts at the block offsets
  BytePlanes order_;                  // item number of each sorted id
  std::uint32_t item_count_ = 0;
  std::uint32_t block_count_ = 0;
  StringTable added_;
};

/// Maps item numbers back to ids.
class ItemNames {
 public:
  /// `ids` must outlive this object. Added items that `ids` receives later are found too. Allocates
  /// 4 * item_count bytes. O(item_count).
  explicit ItemNames(const ItemIds& ids);

  /// Writes the id of `item` to `out` and returns it as a view of `out`. Does not allocate.
  /// Precondition: the item exists, and out has room for layout::kMaxIdBytes.
  [[nodiscard]] std::string_view id_of(std::uint32_t item, std::span<char> out) const;

 private:
  const ItemIds* ids_;
  std::vector<std::uint32_t> rank_;  // rank of each item among the sorted ids
};

}  // namespace vitrine
