#include "vitrine/session_neighbours.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <functional>
#include <limits>

namespace vitrine {
namespace {

static_assert(layout::kMaxNeighbourEvents <= Session::kCapacity);

/// log2(x) in units of 2^-16, by repeated squaring: the logarithm of a C library may differ from
/// another's in the last bit. Precondition: x > 0.
std::uint32_t log2_units(std::uint32_t x) {
  const auto whole = static_cast<std::uint32_t>(std::bit_width(x)) - 1U;
  std::uint64_t power = static_cast<std::uint64_t>(x) << (31U - whole);  // [1, 2) in units of 2^-31
  std::uint32_t units = whole;
  for (int bit = 0; bit < 16; ++bit) {
    power = power * power >> 31U;
    const std::uint64_t carry = power >> 32U;
    power >>= carry;
    units = units << 1U | static_cast<std::uint32_t>(carry);
  }
  return units;
}

/// What a neighbour's votes count by the place of the latest shared event, 0 for the latest of
/// all: 1 - (place + 1) / reach, Serenade's with a reach of 10. Never below 1 / reach, where theirs
/// turns negative.
float match_weight(std::uint32_t place, std::uint32_t reach) {
  return static_cast<float>(reach > place + 1 ? reach - place - 1 : 1) / static_cast<float>(reach);
}

}  // namespace

NeighbourScorer::NeighbourScorer(const SessionSample& sample,
                                 const layout::NeighbourSettings& settings)
    : sample_(&sample), settings_(settings) {
  if (sample.empty()) return;
  const std::size_t most = std::min<std::size_t>(settings.sessions, sample.sessions());
  neighbours_.reserve(most);
  similarities_.reserve(most);
  // Inverse document frequency, log(entries / sessions with the item), over its largest value.
  const std::uint32_t all = log2_units(static_cast<std::uint32_t>(sample.postings.size()));
  rarity_.resize(sample.posting_offsets.size() - 1);
  for (std::uint32_t item = 0; item < rarity_.size(); ++item) {
    const auto sessions = static_cast<std::uint32_t>(sample.sessions_with(item).size());
    if (sessions == 0) continue;
    const float idf =
        all > 0 ? static_cast<float>(all - log2_units(sessions)) / static_cast<float>(all) : 1.0F;
    rarity_[item] = 1.0F - settings.idf * (1.0F - idf);
  }
}

void NeighbourScorer::find(std::span<const SessionEvent> history,
                           std::span<const float, kEventKinds> kind_weights) {
  source_count_ = 0;
  neighbours_.clear();
  total_ = 0.0F;
  if (sample_->empty()) return;

  std::uint32_t place = 0;
  for (std::size_t i = history.size(); i-- > 0 && place < settings_.events;) {
    const SessionEvent& event = history[i];
    const float weight = kind_weights[static_cast<std::size_t>(event.kind)];
    if (!(weight > 0.0F)) continue;
    const bool seen =
        std::any_of(sources_.begin(), sources_.begin() + static_cast<std::ptrdiff_t>(source_count_),
                    [&](const Source& source) { return source.item == event.item; });
    if (!seen) {
      places_[source_count_] = place;
      sources_[source_count_++] = {.item = event.item, .weight = weight};
    }
    ++place;
  }
  for (std::size_t s = 0; s < source_count_; ++s) {
    sources_[s].weight *= static_cast<float>(place - places_[s]);
  }
  compare();
  keep_most_similar();
  for (const Neighbour& neighbour : neighbours_) total_ += neighbour.similarity;
}

/// Merges the sources' sessions, which are numbered by recency: the latest m of them are found
/// when m of them are, and the rest is never looked at.
void NeighbourScorer::compare() {
  constexpr std::uint32_t kEnd = std::numeric_limits<std::uint32_t>::max();
  std::array<std::span<const std::uint32_t>, Session::kCapacity> rest;
  std::array<std::uint32_t, Session::kCapacity> head;
  std::uint32_t session = kEnd;
  for (std::size_t s = 0; s < source_count_; ++s) {
    rest[s] = sample_->sessions_with(sources_[s].item);
    head[s] = rest[s].empty() ? kEnd : rest[s][0];
    session = std::min(session, head[s]);
  }
  while (session != kEnd && neighbours_.size() < settings_.sessions) {
    Neighbour& neighbour = neighbours_.emplace_back();
    neighbour = {.session = session, .similarity = 0.0F, .match = 0.0F, .shared = {}};
    std::uint32_t next = kEnd;
    for (std::size_t s = 0; s < source_count_; ++s) {
      if (head[s] == session) {
        if (neighbour.shared.none()) neighbour.match = match_weight(places_[s], settings_.reach);
        neighbour.similarity += sources_[s].weight;
        neighbour.shared[s] = true;
        rest[s] = rest[s].subspan(1);
        head[s] = rest[s].empty() ? kEnd : rest[s][0];
      }
      next = std::min(next, head[s]);
    }
    session = next;
  }
}

void NeighbourScorer::keep_most_similar() {
  if (neighbours_.size() <= settings_.neighbours) return;
  similarities_.clear();
  for (const Neighbour& neighbour : neighbours_) similarities_.push_back(neighbour.similarity);
  const auto least = similarities_.begin() + static_cast<std::ptrdiff_t>(settings_.neighbours) - 1;
  std::nth_element(similarities_.begin(), least, similarities_.end(), std::greater<>());
  const float bound = *least;
  auto equal = std::count(similarities_.begin(), least + 1, bound);  // so many of these stay
  std::size_t kept = 0;
  for (const Neighbour& neighbour : neighbours_) {
    if (neighbour.similarity < bound) continue;
    if (neighbour.similarity == bound && equal-- <= 0) continue;
    neighbours_[kept++] = neighbour;
  }
  neighbours_.resize(kept);
}

void NeighbourScorer::add_votes(float weight, ScoreBoard& scores) const {
  for (const Neighbour& neighbour : neighbours_) {
    const float vote = weight * (neighbour.similarity / total_) * neighbour.match;
    const std::uint32_t end = sample_->offsets[neighbour.session + 1];
    for (std::uint32_t e = sample_->offsets[neighbour.session]; e < end; ++e) {
      const std::uint32_t item = sample_->item(e);
      scores.add(item, vote * rarity_[item]);
    }
  }
}

void NeighbourScorer::explain(std::uint32_t item, std::span<float> out) const {
  assert(out.size() >= source_count_);
  std::fill_n(out.begin(), source_count_, 0.0F);
  if (neighbours_.empty()) return;
  auto from = neighbours_.begin();
  for (const std::uint32_t session : sample_->sessions_with(item)) {
    from = std::lower_bound(
        from, neighbours_.end(), session,
        [](const Neighbour& n, std::uint32_t number) { return n.session < number; });
    if (from == neighbours_.end()) break;
    if (from->session != session) continue;
    for (std::size_t s = 0; s < source_count_; ++s) {
      if (from->shared[s]) out[s] += sources_[s].weight / total_ * from->match * rarity_[item];
    }
  }
}

}  // namespace vitrine
