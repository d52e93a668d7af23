#pragma once

#include <cstdint>
#include <span>

namespace vitrine::abi {

/// Returns the bucket of the value of the abi::Draw in `words`; see bucket() in abi.h.
[[nodiscard]] double bucket_of(std::span<const std::uint32_t> words);

/// Returns that variation; see variation() in abi.h. Allocates.
[[nodiscard]] std::int32_t variation_of(std::span<const std::uint32_t> words);

}  // namespace vitrine::abi
