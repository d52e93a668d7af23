#include "vitrine/format/content_hash.h"

#include <bit>
#include <cstring>

namespace vitrine {
namespace {

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87ULL;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4FULL;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9ULL;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63ULL;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5ULL;

template <typename T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

std::uint64_t round(std::uint64_t lane, std::uint64_t input) {
  return std::rotl(lane + input * kPrime2, 31) * kPrime1;
}

std::uint64_t merge(std::uint64_t hash, std::uint64_t lane) {
  return (hash ^ round(0, lane)) * kPrime1 + kPrime4;
}

struct Lanes {
  std::uint64_t values[4];
};

/// Takes `stripes` times 32 bytes into the lanes. The caller makes one call for each block of the
/// file. Browsers replace a function by its optimized version only between two calls, so a single
/// call for all bytes would run slowly to its end.
[[gnu::noinline]] void take(Lanes& lanes, const std::byte* at, std::size_t stripes) {
  std::uint64_t a = lanes.values[0];
  std::uint64_t b = lanes.values[1];
  std::uint64_t c = lanes.values[2];
  std::uint64_t d = lanes.values[3];
  for (; stripes > 0; --stripes, at += 32) {
    a = round(a, load<std::uint64_t>(at));
    b = round(b, load<std::uint64_t>(at + 8));
    c = round(c, load<std::uint64_t>(at + 16));
    d = round(d, load<std::uint64_t>(at + 24));
  }
  lanes = {{a, b, c, d}};
}

}  // namespace

// noinline keeps this function out of functions that are compiled for other processors; see
// core/CMakeLists.txt.
[[gnu::noinline]] std::uint64_t content_hash(std::span<const std::byte> bytes) {
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t hash = kPrime5;
  if (left >= 32) {
    constexpr std::size_t kBlock = 2048;
    Lanes lanes{{kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1}};
    while (left >= 32) {
      const std::size_t stripes = left / 32 < kBlock ? left / 32 : kBlock;
      take(lanes, at, stripes);
      at += stripes * 32;
      left -= stripes * 32;
    }
    hash = std::rotl(lanes.values[0], 1) + std::rotl(lanes.values[1], 7) +
           std::rotl(lanes.values[2], 12) + std::rotl(lanes.values[3], 18);
    for (const std::uint64_t lane : lanes.values) hash = merge(hash, lane);
  }
  hash += bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    hash = std::rotl(hash ^ round(0, load<std::uint64_t>(at)), 27) * kPrime1 + kPrime4;
  }
  if (left >= 4) {
    hash = std::rotl(hash ^ (load<std::uint32_t>(at) * kPrime1), 23) * kPrime2 + kPrime3;
    left -= 4;
    at += 4;
  }
  for (; left > 0; --left, ++at) {
    hash = std::rotl(hash ^ (std::to_integer<std::uint64_t>(*at) * kPrime5), 11) * kPrime1;
  }
  hash = (hash ^ (hash >> 33U)) * kPrime2;
  hash = (hash ^ (hash >> 29U)) * kPrime3;
  return hash ^ (hash >> 32U);
}

}  // namespace vitrine
