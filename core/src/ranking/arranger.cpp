#include "vitrine/ranking/arranger.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "vitrine/ranking/dot.h"

namespace vitrine {
namespace {

/// Every candidate keeps a chance under Plackett-Luce, so that propensities are never 0.
constexpr double kLeastWeight = 1e-6;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kFewestCandidates = 100;
constexpr std::size_t kCandidatesPerPlace = 5;
constexpr std::size_t kCandidates = kCandidatesPerPlace * Arranger::kPlaces;

/// Uses repeated multiplication, because pow() differs between C libraries.
double power(double base, float exponent) {
  double result = 1.0;
  const auto times = static_cast<int>(exponent);
  for (int done = 0; done < times; ++done) result *= base;
  return result;
}

std::int32_t dot(const Embeddings& embeddings, std::uint32_t a, std::uint32_t b) {
  const std::size_t stride = embeddings.stride;
  const std::int8_t* codes = embeddings.codes.data();
  return dot_kernels().dot(codes + a * stride, codes + b * stride, stride);
}

}  // namespace

Arranger::Arranger(const Bundle& bundle) : bundle_(&bundle) {
  const std::size_t most = std::min<std::size_t>(bundle.item_count(), kCandidates + kMaxPins);
  pool_.resize(most);
  room_ = std::make_unique<Candidate[]>(most);
  weights_ = std::make_unique<double[]>(most);
}

std::size_t Arranger::arrange(Ranker& ranker, const RankRequest& request,
                              std::span<const std::uint32_t> given, const Plan& plan,
                              std::span<Ranked> out) {
  plan_ = &plan;
  out_ = out.first(std::min<std::size_t>(out.size(), bundle_->item_count()));
  random_ = SplitMix(plan.seed);
  find_pins(ranker, request, given);
  const bool arranged = plan.exploration != Exploration::kNone || plan.diversity.relevance < 1.0F ||
                        plan.diversity.per_category > 0 || plan.diversity.per_brand > 0;
  std::size_t wanted = std::max(out_.size(), given.size());
  if (arranged && given.empty() && wanted <= kPlaces) {
    wanted = std::max(kFewestCandidates, kCandidatesPerPlace * wanted);
  }
  wanted = std::min<std::size_t>(wanted + pin_count_, bundle_->item_count());
  if (pool_.size() < wanted) pool_.resize(wanted);
  const std::span<Ranked> pool = std::span(pool_).first(wanted);
  given.empty() ? ranker.rank(request, pool, this) : ranker.rerank(given, request, pool, this);
  return count_;
}

/// Finds the pins that may be shown, ordered by place.
void Arranger::find_pins(Ranker& ranker, const RankRequest& request,
                         std::span<const std::uint32_t> given) {
  pin_count_ = 0;
  const auto pins = plan_->pins.first(std::min(plan_->pins.size(), kMaxPins));
  if (pins.empty()) return;
  std::array<std::uint32_t, kMaxPins> items;
  std::array<Ranked, kMaxPins> eligible;
  std::transform(pins.begin(), pins.end(), items.begin(), [](const Pin& pin) { return pin.item; });
  RankRequest plain = request;
  plain.explain = false;
  const std::size_t found = ranker.rerank(std::span(items).first(pins.size()), plain, eligible);
  for (const Pin& pin : pins) {
    const Ranked* const end = eligible.data() + found;
    const Ranked* const it =
        std::find_if(std::as_const(eligible).data(), end,
                     [&](const Ranked& ranked) { return ranked.item == pin.item; });
    if (it != end && !is_pinned(pin.item) &&
        (given.empty() || std::find(given.begin(), given.end(), pin.item) != given.end())) {
      pins_[pin_count_] = pin;
      pinned_[pin_count_++] = *it;
    }
  }
}

bool Arranger::is_pinned(std::uint32_t item) const {
  return std::any_of(pins_.data(), pins_.data() + pin_count_,
                     [&](const Pin& pin) { return pin.item == item; });
}

std::span<Ranked> Arranger::make_list(std::span<const Ranked> ranked) {
  ranked_ = ranked;
  count_ = 0;
  left_ = 0;
  candidates_ = {room_.get(), std::min(ranked.size(), kCandidates)};
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const float best = ranked.front().score;
    const bool pinned = is_pinned(ranked[i].item);
    candidates_[i] = {.relevance = best > 0.0F ? ranked[i].score / best : 0.0F,
                      .similarity = 0.0F,
                      .norm = 0.0F,
                      .compared = 0,
                      .taken = pinned};
    left_ += pinned ? 0 : 1;
  }
  const std::size_t places = std::min(out_.size(), kPlaces);
  for (std::size_t pin = 0; count_ < places && (left_ > 0 || pin < pin_count_);) {
    if (pin < pin_count_ && (pins_[pin].place <= count_ || left_ == 0)) {
      place(pinned_[pin++]);
    } else if (!choose_one(true)) {
      choose_one(false);
    }
  }
  for (std::size_t i = 0; count_ >= places && count_ < out_.size() && i < ranked.size(); ++i) {
    const bool had = i < candidates_.size() ? candidates_[i].taken : is_pinned(ranked[i].item);
    if (!had) out_[count_++] = ranked[i];
  }
  return out_.first(count_);
}

/// Fills a place with one of the remaining candidates; with `caps` only with one that no limit
/// excludes. Returns true when there was one.
bool Arranger::choose_one(bool caps) {
  const Plan& plan = *plan_;
  const auto open = [&](std::size_t i) {
    return !candidates_[i].taken && !(caps && is_capped(ranked_[i].item));
  };
  std::size_t best = candidates_.size();
  float best_value = 0.0F;
  std::size_t count = 0;
  double sum = 0.0;
  if (plan.exploration == Exploration::kPlackettLuce)
    std::fill_n(weights_.get(), candidates_.size(), 0.0);
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    Candidate& candidate = candidates_[i];
    if (candidate.taken) continue;
    const bool only_best = plan.exploration == Exploration::kNone && count > 0;
    // This is an upper bound for the value of this candidate and all following ones.
    if (only_best && std::min(plan.diversity.relevance, 1.0F) * candidate.relevance <= best_value) {
      break;
    }
    const float v = value(candidate, ranked_[i].item, only_best ? best_value : -kInfinity);
    if ((only_best && v <= best_value) || !open(i)) continue;
    if (count++ == 0 || v > best_value) {
      best = i;
      best_value = v;
    }
    if (plan.exploration == Exploration::kPlackettLuce) {
      weights_[i] = std::max(power(std::max(v, 0.0F), plan.strength), kLeastWeight);
      sum += weights_[i];
    }
  }
  if (count == 0) return false;
  std::size_t chosen = best;
  double propensity = 1.0;
  if (plan.exploration == Exploration::kPlackettLuce) {
    double rest = random_.uniform() * sum;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (weights_[i] == 0.0) continue;
      chosen = i;
      rest -= weights_[i];
      if (rest < 0.0) break;
    }
    propensity = weights_[chosen] / sum;
  } else if (plan.exploration == Exploration::kEpsilon) {
    if (random_.uniform() < plan.strength) {
      std::uint64_t skip = random_.below(count);
      for (chosen = 0; !open(chosen) || skip-- > 0; ++chosen) {
      }
    }
    propensity =
        plan.strength / static_cast<double>(count) + (chosen == best ? 1.0 - plan.strength : 0.0);
  }
  candidates_[chosen].taken = true;
  --left_;
  place(ranked_[chosen]);
  out_[count_ - 1].propensity = static_cast<float>(propensity);
  return true;
}

void Arranger::place(const Ranked& ranked) {
  norms_[count_] = norm(ranked.item);
  out_[count_++] = ranked;
}

/// Returns true when the list already has the largest number of items of the item's category or
/// brand.
bool Arranger::is_capped(std::uint32_t item) const {
  const Catalog& catalog = bundle_->catalog();
  const auto full = [&](std::uint32_t cap, std::uint16_t none, auto&& of) {
    const std::uint16_t own = cap > 0 ? of(item) : none;
    const auto is_same = [&](const Ranked& placed) { return of(placed.item) == own; };
    return own != none && static_cast<std::uint32_t>(
                              std::count_if(out_.data(), out_.data() + count_, is_same)) >= cap;
  };
  return full(plan_->diversity.per_category, layout::kNoCategory,
              [&](std::uint32_t i) { return catalog.category(i); }) ||
         full(plan_->diversity.per_brand, layout::kNoBrand,
              [&](std::uint32_t i) { return catalog.brand(i); });
}

/// Returns the value of a candidate after the filled places. If the value is not above `least`,
/// returns an upper bound that is not above it either. Each comparison with a place can only lower
/// the value.
float Arranger::value(Candidate& candidate, std::uint32_t item, float least) const {
  const float lambda = plan_->diversity.relevance;
  if (lambda >= 1.0F) return candidate.relevance;
  for (;;) {
    const float most = lambda * candidate.relevance - (1.0F - lambda) * candidate.similarity;
    if (candidate.compared == count_ || most <= least) return most;
    if (candidate.compared == 0) candidate.norm = norm(item);
    candidate.similarity =
        std::max(candidate.similarity, similarity(item, candidate.norm, candidate.compared++));
  }
}

float Arranger::norm(std::uint32_t item) const {
  const Embeddings& embeddings = bundle_->embeddings();
  if (embeddings.dims == 0 || item >= bundle_->added().first) return 0.0F;
  return std::sqrt(static_cast<float>(dot(embeddings, item, item)));
}

/// Returns the cosine of the embeddings. If one item has none, returns 1 for the same category and
/// 0 for another.
float Arranger::similarity(std::uint32_t item, float norm, std::size_t place) const {
  const std::uint32_t other = out_[place].item;
  if (norm > 0.0F && norms_[place] > 0.0F) {
    return static_cast<float>(dot(bundle_->embeddings(), item, other)) / (norm * norms_[place]);
  }
  const std::uint16_t category = bundle_->catalog().category(item);
  return category != layout::kNoCategory && category == bundle_->catalog().category(other) ? 1.0F
                                                                                           : 0.0F;
}

}  // namespace vitrine
