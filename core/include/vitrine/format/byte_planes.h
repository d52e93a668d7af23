#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vitrine {

/// Numbers of one to three bytes, read in place: first the low bytes of all of them, then the next
/// bytes of all, then the third. Bytes of one rank are alike, so brotli makes less of them than of
/// whole numbers one after the other.
class BytePlanes {
 public:
  BytePlanes() = default;
  /// Takes `bytes` as `count` numbers. Returns false when the size does not fit.
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
  /// One byte of each number, 0 the lowest. Precondition: plane < planes.
  [[nodiscard]] std::span<const std::uint8_t> plane(unsigned plane) const {
    return {bytes_ + plane * count_, count_};
  }
  /// One byte of a number, 0 the lowest. Precondition: index < count, plane < planes.
  [[nodiscard]] std::uint8_t byte(std::size_t index, unsigned plane) const {
    return bytes_[plane * count_ + index];
  }

 private:
  const std::uint8_t* bytes_ = nullptr;
  std::size_t count_ = 0;
  unsigned planes_ = 0;
};

}  // namespace vitrine
