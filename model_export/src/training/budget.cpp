#include "training/budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "bundle/bundle_file.h"
#include "cli/error.h"

namespace vitrine::train {
std::vector<SessionEntry> strongest(const std::vector<SessionEntry>& entries, std::size_t count) {
  if (count >= entries.size()) return entries;
  std::vector<float> weights;
  weights.reserve(entries.size());
  for (const SessionEntry& entry : entries) weights.push_back(entry.weight);
  const auto at = weights.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(weights.begin(), at, weights.end(), std::greater<>());
  const float bound = *at;
  std::size_t equal = count - static_cast<std::size_t>(std::count_if(
                                  weights.begin(), at, [&](float w) { return w > bound; }));
  std::vector<SessionEntry> kept;
  kept.reserve(count);
  for (const SessionEntry& entry : entries) {
    if (entry.weight > bound) {
      kept.push_back(entry);
    } else if (entry.weight == bound && equal > 0) {
      --equal;
      kept.push_back(entry);
    }
  }
  return kept;
}

Fitted fit_budget(BundleContents contents, std::size_t max_bytes, bool raw) {
  // Quality 9 is many times faster than 11, which only makes less of it: the budget holds.
  const auto size_of = [raw](const std::vector<std::byte>& bytes) {
    return raw ? bytes.size() : brotli_size(bytes, 9);
  };
  const std::vector<SessionEntry> all = std::move(contents.session_rows);
  const auto write = [&](std::size_t entries) {
    contents.session_rows = strongest(all, entries);
    return write_bundle(contents);
  };

  const std::size_t least = size_of(write(0));
  if (least > max_bytes) {
    throw Error(ExitCode::kUsage,
                fmt::format("The bundle needs {} bytes without any session rows; --max-bytes {} is too small. "
                            "Raise it, or lower embeddings.dims in the configuration.", least, max_bytes));
  }
  std::size_t entries = all.size();
  Fitted fitted{.bytes = write(entries), .size = 0, .entries = entries};
  std::size_t size = size_of(fitted.bytes);
  // Bytes grow nearly in line with entries, so a few steps of the secant suffice.
  for (int step = 0; step < 6 && size > max_bytes; ++step) {
    const double per_entry = static_cast<double>(size - least) / static_cast<double>(entries);
    const double room = static_cast<double>(max_bytes - least) * 0.995;
    entries = std::min(entries - 1, static_cast<std::size_t>(room / per_entry));
    fitted = {.bytes = write(entries), .size = 0, .entries = entries};
    size = size_of(fitted.bytes);
  }
  fitted.size = size;
  return fitted;
}

}  // namespace vitrine::train
