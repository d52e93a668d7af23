#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "vitrine/bundle_layout.h"
#include "vitrine/byte_planes.h"
#include "vitrine/status.h"

namespace vitrine {

/// Sparse item-to-item weights: row `a` says what follows `a`. A view over the bundle's bytes, plus
/// four bytes an item for where its row begins.
class SessionRows {
 public:
  SessionRows() = default;
  /// The bytes of the sections kRowLengths, kRowLevels and kRowEntries, which must outlive this.
  struct Sections {
    std::span<const std::byte> lengths;
    std::span<const std::byte> levels;
    std::span<const std::byte> entries;
  };
  /// `entry_count` is what all rows together must hold, above 0. Fails with kBadSectionSize or
  /// kBadSessionRows. Allocates 4 * item_count bytes. O(bytes).
  static Result<SessionRows> open(const Sections& sections, std::uint32_t item_count,
                                  std::uint32_t entry_count);

  [[nodiscard]] bool empty() const { return begins_.empty(); }

  /// The weight of `target` in the row of `item`; 0 if the row does not name it. O(entries).
  [[nodiscard]] float find(std::uint32_t item, std::uint32_t target) const;

  /// Calls take(target, weight) for every entry of the row of `item`: first what lies upwards of
  /// it, nearest first, then what lies downwards. Not to be called when empty(). O(entries).
  template <typename Take>
  void each(std::uint32_t item, const Take& take) const {
    const std::uint8_t* at = entries_ + begins_[item];
    std::uint32_t next = item;
    for (std::uint32_t left = lengths_[item]; left > 0; --left) {
      const float weight = levels_[*at & 15U];
      next += gap(at);
      take(next++, weight);
    }
    next = item;
    for (std::uint32_t left = lengths_[item_count_ + item]; left > 0; --left) {
      const float weight = levels_[*at & 15U];
      next -= gap(at) + 1;
      take(next, weight);
    }
  }

 private:
  /// How many numbers are passed over before the entry's target; moves `at` behind the entry.
  static std::uint32_t gap(const std::uint8_t*& at) {
    const std::uint32_t code = static_cast<std::uint32_t>(*at++) >> 4U;
    if (code < layout::kShortGaps) return code;
    if (code < 15) return layout::kShortGaps + (code - layout::kShortGaps) * 256 + *at++;
    std::uint32_t value = layout::kLongGap;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint32_t byte = *at++;
      value += (byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
  }

  std::uint32_t item_count_ = 0;
  std::vector<std::uint32_t> begins_;  // [n], empty when the bundle has no rows
  BytePlanes lengths_;                 // [2 * n]: upwards, then downwards
  const float* levels_ = nullptr;      // [layout::kLevels]
  const std::uint8_t* entries_ = nullptr;
};

}  // namespace vitrine
