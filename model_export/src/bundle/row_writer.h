#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/session_entry.h"
#include "vitrine/format/bundle_layout.h"

namespace vitrine::bundle {

/// The sections of session rows.
struct RowSections {
  std::vector<std::byte> lengths;
  std::array<float, layout::kLevels> levels{};
  std::vector<std::byte> entries;
};

/// `entries` sorted by source, then target, each pair once, weights above 0. Throws Error(kFailure)
/// when a row is too long for the format.
[[nodiscard]] RowSections write_rows(const std::vector<model::SessionEntry>& entries,
                                     std::size_t item_count);

}  // namespace vitrine::bundle
