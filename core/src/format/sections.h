#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vitrine {

/// Reads the bytes of an optional section in place as `count` numbers. An absent (empty) section
/// gives an empty `out`. Returns false when the size does not match. Precondition: bytes start at a
/// multiple of layout::kBufferAlignment.
template <typename T>
[[nodiscard]] bool view_as(std::span<const std::byte> bytes, std::size_t count,
                           std::span<const T>& out) {
  if (bytes.empty()) return true;
  if (bytes.size() / sizeof(T) != count || bytes.size() % sizeof(T) != 0) return false;
  out = {reinterpret_cast<const T*>(bytes.data()), count};
  return true;
}

}  // namespace vitrine
