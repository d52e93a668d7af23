#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "vitrine/format/byte_planes.h"
#include "vitrine/status.h"

namespace vitrine {

/// A table of powers: values[255] is 1, and each earlier value is the next one times `ratio`. It is
/// computed by multiplication alone, so that all machines get the same values.
struct PowerTable {
  float values[256];
  explicit constexpr PowerTable(double ratio) : values{} {
    double value = 1.0;
    for (int i = 255; i >= 0; --i, value *= ratio) values[i] = static_cast<float>(value);
  }
};

/// The popularity of items as 16-bit codes in steps of 1/2048 of an octave, and the order of items
/// by popularity. This is a view over the bundle's bytes.
class Popularity {
 public:
  /// Opens the codes. `bytes` are those of the section kPopularity and must outlive this object.
  /// Fails with kBadSectionSize. Every possible code can be ranked.
  static Result<Popularity> open(std::span<const std::byte> bytes, std::uint32_t item_count);

  /// Works as open(), but takes ownership of the bytes.
  static Result<Popularity> open_own(std::unique_ptr<std::byte[]> bytes, std::uint32_t item_count);
  Popularity(Popularity&&) = default;
  Popularity& operator=(Popularity&&) = default;

  /// Fails with kBadPopularity unless the best item has a share of 1, or no item was seen at all.
  /// O(items).
  [[nodiscard]] Status verify() const;

  /// Returns the popularity of `item` relative to the best item, in [0, 1]: 1 for the best item, 0
  /// for an item that was never seen.
  [[nodiscard]] float share(std::uint32_t item) const {
    const std::uint8_t high = codes_.byte(item, 1);
    const std::uint8_t low = codes_.byte(item, 0);
    return (high | low) == 0 ? 0.0F : kCoarse.values[high] * kFine.values[low];
  }
  /// Returns an upper bound of the shares of the `count` items from `first` on. The bound is less
  /// than a tenth above the largest share. O(count).
  [[nodiscard]] float most(std::uint32_t first, std::uint32_t count) const;
  /// Returns true when `a` is ranked before `b` if all else is equal: the better-known item comes
  /// first, then the lower number. This is a total order.
  [[nodiscard]] bool before(std::uint32_t a, std::uint32_t b) const {
    const std::uint32_t of_a = codes_[a];
    const std::uint32_t of_b = codes_[b];
    return of_a != of_b ? of_a > of_b : a < b;
  }
  /// Returns at least the `count` best-known items in that order, or all items when there are
  /// fewer. Allocates 8 bytes for each and returns half of them. O(items).
  [[nodiscard]] std::vector<std::uint32_t> best(std::size_t count) const;

 private:
  static constexpr PowerTable kCoarse{0.9170040432046712};  // 2^(-1/8)
  static constexpr PowerTable kFine{0.9996616064962437};    // 2^(-1/2048)

  Popularity() = default;
  [[nodiscard]] std::vector<std::uint32_t> sorted(const std::vector<std::uint32_t>& items,
                                                  unsigned plane) const;

  std::unique_ptr<std::byte[]> owned_;  // memory that codes_ points to when it is not the file
  BytePlanes codes_;
};

}  // namespace vitrine
