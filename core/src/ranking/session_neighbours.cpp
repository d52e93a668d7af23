#include "vitrine/ranking/session_neighbours.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

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

/// A lower bound for the largest of some numbers.
struct Bound {
  std::uint32_t least = 0;  // of them
  std::size_t above = 0;    // how many are larger than that
};

/// The bound of the `count` largest. Halves the range that it is in, from one of the numbers to
/// another, so that a few steps do where few differ: O(all), 33 times at most.
Bound bound_of_largest(std::span<const std::uint32_t> all, std::size_t count) {
  Bound bound{.least = ~0U};
  std::uint32_t high = 0;
  for (const std::uint32_t number : all) {
    bound.least = std::min(bound.least, number);
    high = std::max(high, number);
  }
  while (bound.least < high) {
    const std::uint32_t middle = high - (high - bound.least) / 2;
    std::uint32_t reach = 0;
    std::uint32_t upper = high;         // the least that reaches the middle
    std::uint32_t lower = bound.least;  // the largest that does not
    for (const std::uint32_t number : all) {
      const bool reaches = number >= middle;
      reach += reaches ? 1 : 0;
      upper = std::min(upper, reaches ? number : high);
      lower = std::max(lower, reaches ? bound.least : number);
    }
    if (reach >= count) {
      bound.least = upper;
    } else {
      high = lower;
      bound.above = reach;
    }
  }
  return bound;
}

/// Returns the weight of a neighbour's votes by the place of the latest shared event (0 for the
/// latest of all): 1 - (place + 1) / reach. With a reach of 10 it is that of Serenade. It never
/// falls below 1 / reach, where theirs becomes negative.
float match_weight(std::uint32_t place, std::uint32_t reach) {
  return static_cast<float>(reach > place + 1 ? reach - place - 1 : 1) / static_cast<float>(reach);
}

}  // namespace

NeighbourScorer::NeighbourScorer(const SessionSample& sample,
                                 const layout::NeighbourSettings& settings)
    : sample_(&sample), settings_(settings) {
  if (sample.empty()) return;
  const std::size_t most = std::min<std::size_t>(settings.sessions, sample.sessions());
  matches_.resize(most);
  merged_.resize(most);
  similarities_.resize(most);
  neighbours_.resize(std::min<std::size_t>(most, settings.neighbours));
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
  neighbour_count_ = 0;
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
}

/// Merges the sources' sessions, one source after the other, and keeps the latest m: sessions are
/// numbered by recency.
void NeighbourScorer::compare() {
  const std::size_t most = matches_.size();
  match_count_ = 0;
  for (std::uint32_t s = 0; s < source_count_; ++s) {
    const std::span<const std::uint32_t> sessions = sample_->sessions_with(sources_[s].item);
    const auto weight = std::bit_cast<std::uint32_t>(sources_[s].weight);
    const Match* a = matches_.data();
    const Match* const a_end = a + match_count_;
    const std::uint32_t* b = sessions.data();
    const std::uint32_t* const b_end = b + sessions.size();
    Match* out = merged_.data();
    Match* const full = out + most;
    // This has no branch, because nothing predicts which of the two sessions is the later one.
    while (a != a_end && b != b_end && out != full) {
      const std::uint32_t known = a->session <= *b ? 1 : 0;
      const std::uint32_t shares = *b <= a->session ? 1 : 0;
      *out++ = {.session = known != 0 ? a->session : *b,
                .similarity = std::bit_cast<float>(std::bit_cast<std::uint32_t>(a->similarity) &
                                                   (0U - known)) +
                              std::bit_cast<float>(weight & (0U - shares)),
                .latest = s - ((s - a->latest) & (0U - known))};
      a += known;
      b += shares;
    }
    while (a != a_end && out != full) *out++ = *a++;
    while (b != b_end && out != full) {
      *out++ = {.session = *b++, .similarity = sources_[s].weight, .latest = s};
    }
    match_count_ = static_cast<std::size_t>(out - merged_.data());
    std::swap(matches_, merged_);
  }
}

void NeighbourScorer::keep_most_similar() {
  Bound bound;
  if (match_count_ > settings_.neighbours) {
    // The numbers are compared as bits: non-negative floats have the order of their bits.
    const std::span<std::uint32_t> all = std::span(similarities_).first(match_count_);
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = std::bit_cast<std::uint32_t>(matches_[i].similarity);
    }
    bound = bound_of_largest(all, settings_.neighbours);
  }
  std::size_t equal = settings_.neighbours - bound.above;  // so many of these stay
  std::size_t kept = 0;
  for (std::size_t i = 0; i < match_count_; ++i) {
    const Match match = matches_[i];
    const auto similarity = std::bit_cast<std::uint32_t>(match.similarity);
    const std::size_t takes_equal = similarity == bound.least && equal > 0 ? 1 : 0;
    matches_[kept] = match;
    kept += similarity > bound.least ? 1 : takes_equal;
    equal -= takes_equal;
  }
  neighbour_count_ = kept;
  // Little of the sample is in a cache. So the position of each session is loaded in a loop that
  // waits for nothing.
  for (std::size_t i = 0; i < kept; ++i) {
    const std::uint32_t session = matches_[i].session;
    neighbours_[i].session = session;
    neighbours_[i].begin = sample_->offsets[session];
    neighbours_[i].end = sample_->offsets[session + 1];
  }
  float total = 0.0F;
  for (std::size_t i = 0; i < kept; ++i) {
    Neighbour& neighbour = neighbours_[i];
    neighbour.similarity = matches_[i].similarity;
    neighbour.latest = matches_[i].latest;
    neighbour.match = match_weight(places_[neighbour.latest], settings_.reach);
    total += neighbour.similarity;
    // The data that add_votes() reads for one session are requested here while those of other
    // sessions are on their way.
    const volatile std::uint16_t* first = &sample_->items_low[neighbour.begin];
    (void)*first;
  }
  total_ = total;
}

void NeighbourScorer::add_votes(float weight, ScoreBoard& scores) const {
  for (const Neighbour& neighbour : neighbours()) {
    const float vote = weight * (neighbour.similarity / total_) * neighbour.match;
    const std::uint32_t end = neighbour.end;
    for (std::uint32_t e = neighbour.begin; e < end; ++e) {
      const std::uint32_t item = sample_->item(e);
      scores.add(item, vote * rarity_[item]);
    }
  }
}

/// Returns true when the neighbour's session has the item.
bool NeighbourScorer::has(const Neighbour& neighbour, std::uint32_t item) const {
  std::uint32_t e = neighbour.begin;
  while (e < neighbour.end && sample_->item(e) < item) ++e;
  return e < neighbour.end && sample_->item(e) == item;
}

void NeighbourScorer::explain(std::uint32_t item, std::span<float> out) const {
  assert(out.size() >= source_count_);
  std::fill_n(out.begin(), source_count_, 0.0F);
  const std::span<const Neighbour> all = neighbours();
  if (all.empty()) return;
  auto neighbour = all.begin();
  for (const std::uint32_t session : sample_->sessions_with(item)) {
    while (neighbour != all.end() && neighbour->session < session) ++neighbour;
    if (neighbour == all.end()) break;
    if (neighbour->session != session) continue;
    for (std::size_t s = neighbour->latest; s < source_count_; ++s) {
      if (s == neighbour->latest || has(*neighbour, sources_[s].item)) {
        out[s] += sources_[s].weight / total_ * neighbour->match * rarity_[item];
      }
    }
  }
}

}  // namespace vitrine
