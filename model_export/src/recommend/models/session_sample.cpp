#include "recommend/models/session_sample.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace vitrine::recommend {
namespace {

/// Returns the latest distinct items of one session in rising order.
std::vector<std::uint32_t> item_set(std::span<const std::uint32_t> clicks) {
  std::vector<std::uint32_t> items;
  for (std::size_t i = clicks.size(); i-- > 0 && items.size() < model::SampledSessions::kLongest;) {
    if (std::find(items.begin(), items.end(), clicks[i]) == items.end()) items.push_back(clicks[i]);
  }
  std::sort(items.begin(), items.end());
  return items;
}

/// Returns the weight of the sessions that have both items.
float together(const model::PairStatistics& pairs, std::uint32_t a, std::uint32_t b) {
  const auto begin = pairs.partner.begin();
  const auto from = begin + static_cast<std::ptrdiff_t>(pairs.offsets[a]);
  const auto to = begin + static_cast<std::ptrdiff_t>(pairs.offsets[a + 1]);
  const auto at = std::lower_bound(from, to, b);
  return at != to && *at == b ? pairs.together[static_cast<std::size_t>(at - begin)] : 0.0F;
}

}  // namespace

SessionSampler::SessionSampler(const model::SessionTable& sessions,
                               const model::PairStatistics& pairs)
    : item_count_(pairs.item_count) {
  for (std::size_t s = sessions.size(); s-- > 0;) {
    const std::vector<std::uint32_t> items =
        item_set(std::span(sessions.items)
                     .subspan(sessions.offsets[s], sessions.offsets[s + 1] - sessions.offsets[s]));
    if (items.size() < 2) continue;
    all_.items.insert(all_.items.end(), items.begin(), items.end());
    all_.offsets.push_back(static_cast<std::uint32_t>(all_.items.size()));
    for (const std::uint32_t a : items) {
      float sum = 0.0F;
      for (const std::uint32_t b : items) {
        if (b != a) sum += std::sqrt(together(pairs, a, b));
      }
      support_.push_back(sum);
    }
  }
}

model::SampledSessions SessionSampler::take(std::size_t entries) const {
  if (entries >= all_.items.size()) return all_;
  // Finds the bound by bisection on its logarithm: the lowest bound that keeps no more entries than
  // wanted.
  double low = -40.0;
  double high = 40.0;
  for (int step = 0; step < 40; ++step) {
    const double middle = (low + high) / 2.0;
    (above(std::exp2(middle), entries + 1).items.size() > entries ? low : high) = middle;
  }
  return above(std::exp2(high), entries);
}

/// Takes the sessions above `bound`, but stops when there are `most` entries or more.
model::SampledSessions SessionSampler::above(double bound, std::size_t most) const {
  model::SampledSessions taken;
  std::vector<std::uint32_t> sessions_with(item_count_);
  for (std::size_t s = 0; s < all_.size() && taken.items.size() < most; ++s) {
    const std::uint32_t begin = all_.offsets[s];
    const std::uint32_t end = all_.offsets[s + 1];
    double value = 0.0;
    for (std::uint32_t e = begin; e < end; ++e) {
      const double root = std::sqrt(1.0 + sessions_with[all_.items[e]]);
      value += static_cast<double>(support_[e]) / (root * std::sqrt(root));
    }
    const double length = end - begin;
    const double age = static_cast<double>(s) / static_cast<double>(all_.size());
    if (value / (length * length) * std::exp2(-2.0 * age) < bound) continue;
    for (std::uint32_t e = begin; e < end; ++e) {
      ++sessions_with[all_.items[e]];
      taken.items.push_back(all_.items[e]);
    }
    taken.offsets.push_back(static_cast<std::uint32_t>(taken.items.size()));
  }
  return taken;
}

}  // namespace vitrine::recommend
