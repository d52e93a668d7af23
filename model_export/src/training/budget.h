#pragma once

#include <cstddef>
#include <vector>

#include "bundle/bundle_writer.h"

namespace vitrine::train {

/// A bundle within a budget of bytes.
struct Fitted {
  std::vector<std::byte> bytes;
  std::size_t size = 0;     // as the budget counts
  std::size_t entries = 0;  // session entries kept
};

/// The `count` entries of largest weight, in their order; of equal ones the earlier.
[[nodiscard]] std::vector<SessionEntry> strongest(const std::vector<SessionEntry>& entries,
                                                  std::size_t count);

/// Writes `contents` with as many of its session entries as `max_bytes` allow, the largest weights first. Throws
/// Error(kUsage) that says the least size when even a bundle without them is too large.
[[nodiscard]] Fitted fit_budget(BundleContents contents, std::size_t max_bytes, bool raw);

}  // namespace vitrine::train
