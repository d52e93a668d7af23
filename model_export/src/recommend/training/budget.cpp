#include "recommend/training/budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "bundle/arrangement.h"
#include "bundle/bundle_file.h"

namespace vitrine::recommend {
namespace {

std::size_t size_of(const std::vector<std::byte>& bytes, SizeOf measure) {
  return measure == SizeOf::kRaw ? bytes.size()
                                 : bundle::brotli_size(bytes, measure == SizeOf::kBrotli9 ? 9 : 11);
}

}  // namespace

std::vector<model::SessionEntry> strongest(const std::vector<model::SessionEntry>& entries,
                                           std::size_t count) {
  if (count >= entries.size()) return entries;
  std::vector<float> weights;
  weights.reserve(entries.size());
  for (const model::SessionEntry& entry : entries) weights.push_back(entry.weight);
  const auto at = weights.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(weights.begin(), at, weights.end(), std::greater<>());
  const float bound = *at;
  std::size_t equal = count - static_cast<std::size_t>(std::count_if(
                                  weights.begin(), at, [&](float w) { return w > bound; }));
  std::vector<model::SessionEntry> kept;
  kept.reserve(count);
  for (const model::SessionEntry& entry : entries) {
    if (entry.weight > bound) {
      kept.push_back(entry);
    } else if (entry.weight == bound && equal > 0) {
      --equal;
      kept.push_back(entry);
    }
  }
  return kept;
}

namespace {

/// Searches for the largest number of entries that fits, within the remaining tries.
class Search {
 public:
  using Write = std::function<Fitted(std::size_t entries)>;

  /// `least` already fits.
  Search(Fitted least, std::size_t most_entries, std::size_t max_bytes)
      : best_(std::move(least)), base_(point(best_)), high_{most_entries + 1, 0}, max_(max_bytes) {}

  /// Tries `first`, and then the number that fills the budget nearly completely according to it.
  Fitted run(std::size_t first, const Write& write, int tries) {
    int too_large = 0;
    std::size_t next = first;
    // The user must get a bundle. So while nothing fits, only the first few of the tries that are
    // too large count.
    while (next > best_.entries && next < high_.entries && tries-- > 0) {
      Fitted fitted = write(next);
      if (fitted.size > max_) {
        high_ = point(fitted);
        ++too_large;
        if (best_.entries == base_.entries) tries = std::max(tries, too_large < 20 ? 1 : 0);
      } else {
        too_large = 0;
        best_ = std::move(fitted);
        if (static_cast<double>(best_.size) > 0.993 * static_cast<double>(max_)) break;
      }
      next = too_large > 2 ? best_.entries + (high_.entries - best_.entries) / 2 : interpolated();
    }
    return std::move(best_);
  }

 private:
  struct Point {
    std::size_t entries;
    std::size_t size;
  };
  static Point point(const Fitted& fitted) { return {fitted.entries, fitted.size}; }

  /// The number of bytes grows nearly in proportion to the number of entries.
  [[nodiscard]] std::size_t interpolated() const {
    const Point low = point(best_);
    const Point other = high_.size > 0 ? high_ : base_;
    const double entries = static_cast<double>(other.entries) - static_cast<double>(low.entries);
    const double bytes = static_cast<double>(other.size) - static_cast<double>(low.size);
    const double room = static_cast<double>(max_) * 0.997 - static_cast<double>(low.size);
    const double more = bytes != 0.0 ? room * entries / bytes : 0.0;
    const double next = static_cast<double>(low.entries) + std::max(1.0, more);
    return next < static_cast<double>(high_.entries) ? static_cast<std::size_t>(next)
                                                     : high_.entries - 1;
  }

  Fitted best_;
  Point base_;
  Point high_;  // entries known to be too many; size 0: more than there are
  std::size_t max_;
};

}  // namespace

Fitted fit_budget(bundle::BundleContents contents, std::size_t max_bytes, SizeOf measure,
                  unsigned threads) {
  const std::vector<model::SessionEntry> all = std::move(contents.session_rows);
  const auto write = [&](std::size_t entries, SizeOf how) {
    contents.session_rows = strongest(all, entries);
    Fitted fitted{.bytes = bundle::write_bundle(contents), .size = 0, .entries = entries};
    fitted.size = size_of(fitted.bytes, how);
    return fitted;
  };
  Fitted bare = write(0, measure);
  if (bare.size > max_bytes) {
    throw base::Error(
        base::ExitCode::kUsage,
        fmt::format("The bundle needs {} bytes without any session rows; --max-bytes {} is "
                    "too small. Raise it, or lower embeddings.dims in the configuration.",
                    bare.size, max_bytes));
  }
  if (all.empty()) return bare;
  // The items are arranged once, for the entries that will probably fit. A few more or less hardly
  // change the order.
  contents.arrangement = bundle::arrange(strongest(all, max_bytes),
                                         static_cast<std::uint32_t>(contents.ids.size()), threads);
  // The first entry adds the sections of rows. From there on bytes grow with the number of entries.
  Fitted one = write(1, measure);
  if (one.size > max_bytes) return bare;
  std::size_t first = all.size();
  if (measure == SizeOf::kBrotli11) {
    Fitted quick_one = write(1, SizeOf::kBrotli9);
    if (quick_one.size <= max_bytes) {
      first = Search(std::move(quick_one), all.size(), max_bytes)
                  .run(
                      all.size(), [&](std::size_t n) { return write(n, SizeOf::kBrotli9); }, 8)
                  .entries;
    }
  }
  return Search(std::move(one), all.size(), max_bytes)
      .run(
          first, [&](std::size_t n) { return write(n, measure); },
          measure == SizeOf::kBrotli11 ? 4 : 12);
}

model::SampledSessions fit_sample(bundle::BundleContents contents, const SessionSampler& sampler,
                                  std::size_t most, double share, std::size_t max_bytes,
                                  SizeOf measure) {
  contents.session_rows.clear();
  const auto size = [&](std::size_t entries, SizeOf how) {
    contents.sessions = sampler.take(entries);
    return static_cast<double>(size_of(bundle::write_bundle(contents), how));
  };
  const SizeOf quick = measure == SizeOf::kRaw ? SizeOf::kRaw : SizeOf::kBrotli9;
  const double bare = size(0, measure);
  const double room = (static_cast<double>(max_bytes) - bare) * share;
  if (room <= 0.0) return {};
  std::size_t entries = std::min(most, sampler.entries());
  // The number of bytes grows nearly in proportion to the number of entries.
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

}  // namespace vitrine::recommend
