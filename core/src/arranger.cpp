#include "vitrine/arranger.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace vitrine {
namespace {

/// Every candidate keeps a chance under Plackett-Luce, so that propensities are never 0.
constexpr double kLeastWeight = 1e-6;
constexpr std::size_t kFewestCandidates = 100;
constexpr std::size_t kCandidatesPerPlace = 10;

/// By repeated multiplication: pow() differs between C libraries.
double power(double base, float exponent) {
  double result = 1.0;
  const auto times = static_cast<int>(exponent);
  for (int done = 0; done < times; ++done) result *= base;
  return result;
}

std::int32_t dot(const Embeddings& embeddings, std::uint32_t a, std::uint32_t b) {
  const std::int8_t* left = &embeddings.codes[a * std::size_t{embeddings.stride}];
  const std::int8_t* right = &embeddings.codes[b * std::size_t{embeddings.stride}];
  std::int32_t sum = 0;
  for (std::uint32_t d = 0; d < embeddings.stride; ++d) sum += left[d] * right[d];
  return sum;
}

float value(const Plan& plan, float relevance, float similarity) {
  const float lambda = plan.diversity.relevance;
  return lambda < 1.0F ? lambda * relevance - (1.0F - lambda) * similarity : relevance;
}

}  // namespace

Arranger::Arranger(const Bundle& bundle)
    : bundle_(&bundle),
      pool_(std::min<std::size_t>(bundle.item_count(), kCandidates + kMaxPins)),
      chosen_(kPlaces),
      items_(bundle.item_count()),
      place_of_(bundle.item_count()) {
  candidates_.reserve(pool_.size());
  weights_.reserve(pool_.size());
}

std::size_t Arranger::arrange(Ranker& ranker, const RankRequest& request,
                              std::span<const std::uint32_t> given, const Plan& plan,
                              std::span<Ranked> out) {
  out = out.first(std::min<std::size_t>(out.size(), bundle_->item_count()));
  std::array<Pin, kMaxPins> pins;
  const std::size_t pin_count = find_pins(ranker, request, given, plan, pins);

  RankRequest plain = request;
  plain.explain = false;
  const bool arranged = plan.exploration != Exploration::kNone || plan.diversity.relevance < 1.0F ||
                        plan.diversity.per_category > 0 || plan.diversity.per_brand > 0;
  const std::size_t wanted =
      arranged ? std::max(kFewestCandidates, kCandidatesPerPlace * out.size()) : out.size();
  // A long list is its own pool.
  const bool in_place = !given.empty() || out.size() > kPlaces;
  const std::span<Ranked> pool =
      in_place ? out
               : std::span(pool_).first(std::min<std::size_t>(wanted + pin_count, pool_.size()));
  const std::size_t ranked =
      given.empty() ? ranker.rank(plain, pool) : ranker.rerank(given, plain, pool);
  collect(pool.first(std::min(ranked, kCandidates)), std::span(pins).first(pin_count));

  random_ = SplitMix(plan.seed);
  const std::size_t places = std::min(out.size(), kPlaces);
  std::size_t count = choose(plan, std::span(pins).first(pin_count), places);
  for (std::size_t i = 0; i < count; ++i) {
    items_[i] = chosen_[i].item;
    place_of_[chosen_[i].item] = 1;
  }
  const std::size_t front = count;
  if (count == places) {
    for (std::size_t i = 0; i < ranked && count < out.size(); ++i) {
      if (place_of_[pool[i].item] == 0) items_[count++] = pool[i].item;
    }
  }

  RankRequest all = request;
  all.exclude = {};
  all.filter = {.available_only = false};
  all.exclude_seen = false;
  const auto items = std::span(items_).first(count);
  [[maybe_unused]] const std::size_t scored = ranker.rerank(items, all, out);
  assert(scored == count);
  for (std::size_t i = 0; i < count; ++i) place_of_[items[i]] = static_cast<std::uint32_t>(i);
  for (std::size_t i = 0; i < count; ++i) {
    while (place_of_[out[i].item] != i) std::swap(out[i], out[place_of_[out[i].item]]);
  }
  for (std::size_t i = 0; i < front; ++i) out[i].propensity = chosen_[i].propensity;
  for (const std::uint32_t item : items) place_of_[item] = 0;
  return count;
}

/// The pins that may be shown, by place. Returns how many.
std::size_t Arranger::find_pins(Ranker& ranker, const RankRequest& request,
                                std::span<const std::uint32_t> given, const Plan& plan,
                                std::span<Pin, kMaxPins> out) {
  const auto pins = plan.pins.first(std::min(plan.pins.size(), kMaxPins));
  std::array<std::uint32_t, kMaxPins> items;
  std::array<Ranked, kMaxPins> eligible;
  std::transform(pins.begin(), pins.end(), items.begin(), [](const Pin& pin) { return pin.item; });
  RankRequest plain = request;
  plain.explain = false;
  const std::size_t found =
      pins.empty() ? 0 : ranker.rerank(std::span(items).first(pins.size()), plain, eligible);
  std::size_t count = 0;
  for (const Pin& pin : pins) {
    const auto is_it = [&](const Ranked& ranked) { return ranked.item == pin.item; };
    const auto had = [&](const Pin& other) { return other.item == pin.item; };
    if (std::any_of(eligible.begin(), eligible.begin() + static_cast<std::ptrdiff_t>(found),
                    is_it) &&
        std::none_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count), had) &&
        (given.empty() || std::find(given.begin(), given.end(), pin.item) != given.end())) {
      out[count++] = pin;
    }
  }
  return count;
}

/// Candidates are what was ranked, less the pins, which have places of their own.
void Arranger::collect(std::span<const Ranked> pool, std::span<const Pin> pins) {
  candidates_.clear();
  const float best = pool.empty() ? 0.0F : pool.front().score;
  for (const Ranked& ranked : pool) {
    const auto is_it = [&](const Pin& pin) { return pin.item == ranked.item; };
    if (std::any_of(pins.begin(), pins.end(), is_it)) continue;
    candidates_.push_back({.item = ranked.item,
                           .relevance = best > 0.0F ? ranked.score / best : 0.0F,
                           .similarity = 0.0F,
                           .norm = norm(ranked.item),
                           .taken = false,
                           .capped = false});
  }
}

/// Fills chosen_ up to `places`. Returns how many.
std::size_t Arranger::choose(const Plan& plan, std::span<const Pin> pins, std::size_t places) {
  std::size_t next_pin = 0;
  std::size_t left = candidates_.size();
  std::size_t count = 0;
  for (; count < places && (left > 0 || next_pin < pins.size()); ++count) {
    if (next_pin < pins.size() && (pins[next_pin].place <= count || left == 0)) {
      place(plan, count, {.item = pins[next_pin++].item, .propensity = 1.0F});
      continue;
    }
    const bool caps = std::any_of(candidates_.begin(), candidates_.end(),
                                  [](const Candidate& c) { return !c.taken && !c.capped; });
    place(plan, count, choose_one(plan, caps));
    --left;
  }
  return count;
}

/// Chooses among the candidates that are left, with `caps` among those that no cap keeps out, and
/// takes it. Precondition: there is one.
Arranger::Choice Arranger::choose_one(const Plan& plan, bool caps) {
  const auto open = [caps](const Candidate& c) { return !c.taken && !(caps && c.capped); };
  std::size_t best = candidates_.size();
  float best_value = 0.0F;
  std::size_t count = 0;
  double sum = 0.0;
  weights_.assign(candidates_.size(), 0.0);
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    if (!open(candidate)) continue;
    const float v = value(plan, candidate.relevance, candidate.similarity);
    if (count++ == 0 || v > best_value) {
      best = i;
      best_value = v;
    }
    if (plan.exploration == Exploration::kPlackettLuce) {
      weights_[i] = std::max(power(std::max(v, 0.0F), plan.strength), kLeastWeight);
      sum += weights_[i];
    }
  }
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
      for (chosen = 0; !open(candidates_[chosen]) || skip-- > 0; ++chosen) {
      }
    }
    propensity =
        plan.strength / static_cast<double>(count) + (chosen == best ? 1.0 - plan.strength : 0.0);
  }
  candidates_[chosen].taken = true;
  return {.item = candidates_[chosen].item, .propensity = static_cast<float>(propensity)};
}

/// Writes a place, and tells the candidates what that means to them.
void Arranger::place(const Plan& plan, std::size_t at, Choice choice) {
  chosen_[at] = choice;
  const Catalog& catalog = bundle_->catalog();
  const Diversity& diversity = plan.diversity;
  const std::uint16_t category = catalog.category(choice.item);
  const std::uint16_t brand = catalog.brand(choice.item);
  const auto so_far = std::span(chosen_).first(at + 1);
  const auto full = [&](std::uint32_t cap, auto&& same) {
    return cap > 0 &&
           static_cast<std::uint32_t>(std::count_if(so_far.begin(), so_far.end(), same)) >= cap;
  };
  const bool category_full =
      category != layout::kNoCategory && full(diversity.per_category, [&](const Choice& c) {
        return catalog.category(c.item) == category;
      });
  const bool brand_full =
      brand != layout::kNoBrand &&
      full(diversity.per_brand, [&](const Choice& c) { return catalog.brand(c.item) == brand; });
  const bool diverse = diversity.relevance < 1.0F;
  if (!category_full && !brand_full && !diverse) return;
  const float length = norm(choice.item);
  for (Candidate& candidate : candidates_) {
    if (candidate.taken) continue;
    candidate.capped |= (category_full && catalog.category(candidate.item) == category) ||
                        (brand_full && catalog.brand(candidate.item) == brand);
    if (diverse) {
      candidate.similarity =
          std::max(candidate.similarity, similarity(candidate, choice.item, length));
    }
  }
}

float Arranger::norm(std::uint32_t item) const {
  const Embeddings& embeddings = bundle_->embeddings();
  if (embeddings.dims == 0 || item >= bundle_->added().first) return 0.0F;
  return std::sqrt(static_cast<float>(dot(embeddings, item, item)));
}

/// The cosine of the embeddings; where one has none, whether the category is the same.
float Arranger::similarity(const Candidate& candidate, std::uint32_t item, float length) const {
  if (candidate.norm > 0.0F && length > 0.0F) {
    const auto product = static_cast<float>(dot(bundle_->embeddings(), candidate.item, item));
    return product / (candidate.norm * length);
  }
  const std::uint16_t category = bundle_->catalog().category(item);
  return category != layout::kNoCategory && category == bundle_->catalog().category(candidate.item)
             ? 1.0F
             : 0.0F;
}

}  // namespace vitrine
