#include "recommend/models/shared_entries.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vitrine::recommend {
namespace {

std::optional<std::size_t> find(const model::PairStatistics& pairs, std::uint32_t a,
                                std::uint32_t b) {
  const auto begin = pairs.partner.begin();
  const auto from = begin + static_cast<std::ptrdiff_t>(pairs.offsets[a]);
  const auto to = begin + static_cast<std::ptrdiff_t>(pairs.offsets[a + 1]);
  const auto at = std::lower_bound(from, to, b);
  if (at == to || *at != b) return std::nullopt;
  return static_cast<std::size_t>(at - begin);
}

}  // namespace

void keep_shared_entries(std::vector<model::SessionEntry>& entries,
                         const model::PairStatistics& pairs) {
  const auto before = [](const model::SessionEntry& x, const model::SessionEntry& y) {
    return x.target != y.target ? x.target < y.target : x.source < y.source;
  };
  std::vector<model::SessionEntry> kept;
  for (const model::SessionEntry& entry : entries) {
    const auto pair = find(pairs, entry.source, entry.target);
    const auto back = find(pairs, entry.target, entry.source);
    if (!pair || !back) continue;
    const float future = pairs.future[*pair];
    const float reverse = pairs.future[*back];
    if (future == 0.0F && (reverse > 0.0F || entry.source == entry.target)) continue;
    model::SessionEntry own = entry;
    if (future == reverse && entry.source != entry.target) {
      const model::SessionEntry wanted{entry.target, entry.source, 0.0F};
      const auto at = std::lower_bound(entries.begin(), entries.end(), wanted, before);
      const bool found = at != entries.end() && !before(wanted, *at);
      own.weight = (own.weight + (found ? at->weight : own.weight)) / 2.0F;
    }
    kept.push_back(own);
  }
  entries = std::move(kept);
}

}  // namespace vitrine::recommend
