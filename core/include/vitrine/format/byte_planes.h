#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vitrine {

/// Numbers of one to three bytes, read in place. The low bytes of all numbers come first, then the
/// second bytes of all numbers, then the third. Bytes of the same rank are similar, so brotli
/// compresses this layout better than whole numbers one after the other.
class BytePlanes {
 public:
  BytePlanes() = default;
  /// Interprets `bytes` as `count` numbers. Returns false when the size does not match.
  [[nodiscard]] bool open(std::span<const std::byte> bytes, std::size_t count, unsigned planes) {
    if (bytes.size() != count * planes) return false;
    bytes_ = reinterpret_cast<const std::uint8_t*>(bytes.data());
    count_ = count;
    planes_ = planes;
    return true;
  }

  [[nodiscard]] std::size_t size() const { return count_; }
  /// Precondition: index < count.
  [[nodiscard]] std::uint32_t operator[](std::size_t index) const {
    std::uint32_t value = bytes_[index];
    if (planes_ > 1) value |= static_cast<std::uint32_t>(bytes_[count_ + index]) << 8U;
    if (planes_ > 2) value |= static_cast<std::uint32_t>(bytes_[2 * count_ + index]) << 16U;
    return value;
  }
  /// Returns one byte of every number; plane 0 is the lowest byte. Precondition: plane < planes.
  [[nodiscard]] std::span<const std::uint8_t> plane(unsigned plane) const {
    return {bytes_ + plane * count_, count_};
  }
  /// Returns one byte of one number; plane 0 is the lowest byte. Precondition: index < count, plane
  /// < planes.
  [[nodiscard]] std::uint8_t byte(std::size_t index, unsigned plane) const {
    return bytes_[plane * count_ + index];
  }

 private:
  const std::uint8_t* bytes_ = nullptr;
  std::size_t count_ = 0;
  unsigned planes_ = 0;
};

}  // namespace vitrine
