#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

#include "vitrine/format/bundle_layout.h"

namespace vitrine::abi {

/// Memory for a file that JavaScript copies in, aligned as the format asks.
class FileBuffer {
 public:
  /// Address of `size` new bytes; the ones before are gone.
  std::uintptr_t reserve(std::uint32_t size) {
    size_ = size;
    bytes_.reset(new (kAlignment) std::byte[size]);
    return reinterpret_cast<std::uintptr_t>(bytes_.get());
  }
  [[nodiscard]] std::span<const std::byte> all() const { return {bytes_.get(), size_}; }

 private:
  static constexpr std::align_val_t kAlignment{layout::kAlignment};
  struct AlignedDelete {
    void operator()(std::byte* bytes) const { ::operator delete[](bytes, kAlignment); }
  };
  std::unique_ptr<std::byte[], AlignedDelete> bytes_;
  std::size_t size_ = 0;
};

}  // namespace vitrine::abi
