#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vitrine::model {

/// Past sessions as sets of items, latest first; items rise within a session.
struct SampledSessions {
  static constexpr std::size_t kLongest = 255;  // items of one session, as the format holds
  std::vector<std::uint32_t> offsets{0};        // [sessions + 1]
  std::vector<std::uint32_t> items;

  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  bool operator==(const SampledSessions&) const = default;
};

}  // namespace vitrine::model
