#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vitrine/ranking/session.h"

namespace vitrine::model {

/// Sessions as item numbers in compressed form: those of session s are items[offsets[s]] to
/// items[offsets[s + 1]], oldest first.
struct SessionTable {
  std::vector<std::uint64_t> offsets{0};  // [sessions + 1]
  std::vector<std::uint32_t> items;
  std::vector<EventKind> kinds;
  /// [sessions], a number of the shopper; empty: nothing is known of shoppers.
  std::vector<std::uint32_t> shoppers;

  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
};

}  // namespace vitrine::model
