#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "vitrine/format/bundle_layout.h"
#include "vitrine/format/byte_planes.h"
#include "vitrine/status.h"

namespace vitrine {

/// Sparse item-to-item weights: row `a` holds the items that follow `a` in sessions. This is a view
/// over the bundle's bytes, plus four bytes an item for the start of its row.
class SessionRows {
 public:
  SessionRows() = default;
  /// The bytes of the sections kRowLengths, kRowLevels and kRowEntries, which must outlive this.
  struct Sections {
    std::span<const std::byte> lengths;
    std::span<const std::byte> levels;
    std::span<const std::byte> entries;
  };
  /// Opens the rows. Fails with kBadSectionSize or kBadSessionRows unless all rows lie within their
  /// bytes. The entries are not checked here, because every later read checks them. Allocates 4 *
  /// item_count bytes. O(item_count).
  static Result<SessionRows> open(const Sections& sections, std::uint32_t item_count);

  /// Returns true when every row is well-formed and all rows together have `entry_count` entries.
  /// O(bytes).
  [[nodiscard]] bool verify(std::uint32_t entry_count) const;

  [[nodiscard]] bool empty() const { return begins_.empty(); }

  /// Returns the weight of `target` in the row of `item`, or 0 when the row does not contain it.
  /// O(entries).
  [[nodiscard]] float find(std::uint32_t item, std::uint32_t target) const;

  /// Calls take(target, weight) for every entry of the row of `item`: first the targets above
  /// `item`, nearest first, then the targets below it. A malformed row ends where it would leave
  /// its bytes or the range of items; then the call returns false. Precondition: not empty().
  /// O(entries).
  template <typename Take>
  // NOLINTNEXTLINE(modernize-use-nodiscard): a ranking takes what there is
  bool each(std::uint32_t item, const Take& take) const {
    return walk(item, [&take](std::uint32_t target, float weight) {
      take(target, weight);
      return true;
    });
  }

 private:
  static constexpr std::uint32_t kMalformed = 0xFFFFFFFF;

  /// Works as each(), but stops when `visit` returns false.
  template <typename Visit>
  // NOLINTNEXTLINE(modernize-use-nodiscard)
  bool walk(std::uint32_t item, const Visit& visit) const {
    const std::uint8_t* at = entries_ + begins_[item];
    const std::uint8_t* const end = entries_ + begins_[item + 1];
    std::uint32_t next = item;
    for (std::uint32_t left = lengths_[item]; left > 0; --left) {
      if (at == end) return false;
      const float weight = levels_[*at & 15U];
      const std::uint32_t passed = gap(at, end);
      if (passed >= item_count_ - next) return false;
      next += passed;
      if (!visit(next++, weight)) return true;
    }
    next = item;
    while (at != end) {
      const float weight = levels_[*at & 15U];
      const std::uint32_t passed = gap(at, end);
      if (passed >= next) return false;
      next -= passed + 1;
      if (!visit(next, weight)) return true;
    }
    return true;
  }

  /// Returns how many item numbers the walk skips before the next target, and moves `at` behind the
  /// entry. Returns kMalformed at `end`.
  static std::uint32_t gap(const std::uint8_t*& at, const std::uint8_t* end) {
    const std::uint32_t code = static_cast<std::uint32_t>(*at++) >> 4U;
    if (code < layout::kShortGaps) return code;
    if (at == end) return kMalformed;
    if (code < 15) return layout::kShortGaps + (code - layout::kShortGaps) * 256 + *at++;
    std::uint32_t value = layout::kLongGap;
    for (unsigned i = 0; i < layout::kGapBytes && at != end; ++i) {
      const std::uint32_t byte = *at++;
      value += (byte & 0x7FU) << (7 * i);
      if (byte < 0x80) return value;
    }
    return kMalformed;
  }

  std::uint32_t item_count_ = 0;
  std::vector<std::uint32_t> begins_;  // [n + 1], empty when the bundle has no rows
  BytePlanes lengths_;  // [2 * n]: number of entries above the item, then bytes of the row
  const float* levels_ = nullptr;  // [layout::kLevels]
  const std::uint8_t* entries_ = nullptr;
};

}  // namespace vitrine
