#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vitrine {

/// XXH64 (Yann Collet, xxHash specification 0.1.1) of `bytes` with seed 0. Finds damage, not
/// malice: a bundle that must be trusted is signed.
[[nodiscard]] std::uint64_t content_hash(std::span<const std::byte> bytes);

}  // namespace vitrine
