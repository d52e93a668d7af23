#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vitrine {

/// Computes XXH64 (Yann Collet, xxHash specification 0.1.1) of `bytes` with seed 0. The hash
/// detects damage. It does not detect an attacker; a bundle that must be trusted needs a signature.
[[nodiscard]] std::uint64_t content_hash(std::span<const std::byte> bytes);

}  // namespace vitrine
