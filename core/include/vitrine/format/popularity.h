#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "vitrine/format/byte_planes.h"
#include "vitrine/status.h"

namespace vitrine {

/// values[255] is 1; each before it is the next one times `ratio`. Made by multiplication alone, so
/// that it is the same everywhere.
struct PowerTable {
  float values[256];
  explicit constexpr PowerTable(double ratio) : values{} {
    double value = 1.0;
    for (int i = 255; i >= 0; --i, value *= ratio) values[i] = static_cast<float>(value);
  }
};

/// How much items are seen, as 16-bit codes in steps of 1/2048 of an octave, and their order by it.
/// A view over the bundle's bytes.
class Popularity {
 public:
  /// `bytes` are those of the section kPopularity and must outlive this. Fails with
  /// kBadSectionSize. Any codes may be ranked by.
  static Result<Popularity> open(std::span<const std::byte> bytes, std::uint32_t item_count);

  /// As open(), over bytes of its own.
  static Result<Popularity> open_own(std::unique_ptr<std::byte[]> bytes, std::uint32_t item_count);
  Popularity(Popularity&&) = default;
  Popularity& operator=(Popularity&&) = default;

  /// Fails with kBadPopularity unless the best item has all of the share, or nothing was seen at
  /// all. O(items).
  [[nodiscard]] Status verify() const;

  /// Share of the best item, in [0, 1]: 1 for the best, 0 for what was never seen.
  [[nodiscard]] float share(std::uint32_t item) const {
    const std::uint8_t high = codes_.byte(item, 1);
    const std::uint8_t low = codes_.byte(item, 0);
    return (high | low) == 0 ? 0.0F : kCoarse.values[high] * kFine.values[low];
  }
  /// No share of the `count` items from `first` on is larger, the largest not a tenth smaller.
  /// O(count).
  [[nodiscard]] float most(std::uint32_t first, std::uint32_t count) const;
  /// Whether `a` stands before `b`, other things being equal: the better-known item first, then the
  /// lower number. A total order.
  [[nodiscard]] bool before(std::uint32_t a, std::uint32_t b) const {
    const std::uint32_t of_a = codes_[a];
    const std::uint32_t of_b = codes_[b];
    return of_a != of_b ? of_a > of_b : a < b;
  }
  /// At least the `count` best-known items in that order, all of them where there are no more.
  /// Allocates 8 bytes for each, and returns half of it. O(items).
  [[nodiscard]] std::vector<std::uint32_t> best(std::size_t count) const;

 private:
  static constexpr PowerTable kCoarse{0.9170040432046712};  // 2^(-1/8)
  static constexpr PowerTable kFine{0.9996616064962437};    // 2^(-1/2048)

  Popularity() = default;
  [[nodiscard]] std::vector<std::uint32_t> sorted(const std::vector<std::uint32_t>& items,
                                                  unsigned plane) const;

  std::unique_ptr<std::byte[]> own_;  // what codes_ looks at, where that is not the file
  BytePlanes codes_;
};

}  // namespace vitrine
