#include "training/budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "bundle/bundle_file.h"
#include "cli/error.h"

namespace vitrine::train {
namespace {

std::size_t size_of(const std::vector<std::byte>& bytes, SizeOf measure) {
  return measure == SizeOf::kRaw ? bytes.size()
                                 : brotli_size(bytes, measure == SizeOf::kBrotli9 ? 9 : 11);
}

}  // namespace

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

Fitted fit_budget(BundleContents contents, std::size_t max_bytes, SizeOf measure) {
  const std::vector<SessionEntry> all = std::move(contents.session_rows);
  const auto write = [&](std::size_t entries, SizeOf how) {
    contents.session_rows = strongest(all, entries);
    Fitted fitted{.bytes = write_bundle(contents), .size = 0, .entries = entries};
    fitted.size = size_of(fitted.bytes, how);
    return fitted;
  };
  Fitted bare = write(0, measure);
  if (bare.size > max_bytes) {
    throw Error(ExitCode::kUsage,
                fmt::format("The bundle needs {} bytes without any session rows; --max-bytes {} is "
                            "too small. Raise it, or lower embeddings.dims in the configuration.",
                            bare.size, max_bytes));
  }
  const SizeOf quick = measure == SizeOf::kRaw ? SizeOf::kRaw : SizeOf::kBrotli9;
  const std::size_t least = measure == quick ? bare.size : write(0, quick).size;
  if (least > max_bytes) return bare;  // only brotli 11 gets it into the budget
  // Bytes grow nearly in line with entries: the number that would fill the budget, going by `from`.
  const auto fill = [&](const Fitted& from) {
    const double per_entry =
        static_cast<double>(from.size - least) / static_cast<double>(from.entries);
    const double room = static_cast<double>(max_bytes - least) * 0.995;
    return std::min(all.size(), static_cast<std::size_t>(room / per_entry));
  };
  Fitted fitted = write(all.size(), quick);
  for (int step = 0; step < 6 && fitted.size > max_bytes; ++step) {
    fitted = write(std::min(fitted.entries - 1, fill(fitted)), quick);
  }
  if (measure != quick) {
    fitted = write(fitted.entries, measure);
    if (fitted.entries < all.size() && fitted.size > least) fitted = write(fill(fitted), measure);
  }
  while (fitted.size > max_bytes) fitted = write(fitted.entries * 98 / 100, measure);
  return fitted;
}

SampledSessions fit_sample(BundleContents contents, const SessionSampler& sampler, std::size_t most,
                           double share, std::size_t max_bytes, SizeOf measure) {
  contents.session_rows.clear();
  const auto size = [&](std::size_t entries, SizeOf how) {
    contents.sessions = sampler.take(entries);
    return static_cast<double>(size_of(write_bundle(contents), how));
  };
  const SizeOf quick = measure == SizeOf::kRaw ? SizeOf::kRaw : SizeOf::kBrotli9;
  const double bare = size(0, measure);
  const double room = (static_cast<double>(max_bytes) - bare) * share;
  if (room <= 0.0) return {};
  std::size_t entries = std::min(most, sampler.entries());
  // Bytes grow nearly in line with entries.
  const auto shrink = [&](double used) {
    const double kept = 0.995 * room / used;
    if (kept < 1.0) entries = static_cast<std::size_t>(static_cast<double>(entries) * kept);
  };
  const double quick_bare = measure == quick ? bare : size(0, quick);
  for (int step = 0; step < 4; ++step) {
    const double used = size(entries, quick) - quick_bare;
    if (used <= room) break;
    shrink(used);
  }
  while (size(entries, measure) - bare > room) entries = entries * 98 / 100;
  return std::move(contents.sessions);
}

}  // namespace vitrine::train
