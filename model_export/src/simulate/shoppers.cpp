#include "simulate/shoppers.h"

#include <algorithm>

namespace vitrine::simulate {

namespace {

enum Stream : std::uint64_t { kShopperStream = 11, kActivityStream = 12 };

// The number of visits by hour of the day, UTC: few at night, most in the evening.
constexpr std::array<double, 24> kHours = {1.5, 0.8, 0.5, 0.4, 0.4, 0.6, 1.2, 2.4,
                                           3.4, 4.2, 4.8, 5.2, 5.6, 5.4, 5.0, 5.0,
                                           5.2, 5.8, 6.8, 8.0, 8.8, 8.2, 6.0, 3.4};

constexpr double kMeanViews = 5.0;
constexpr std::size_t kMostViews = 60;
constexpr int kCandidates = 6;

double liking(const Shopper& shopper, const Product& product, int day) {
  // The shop promotes new products for two weeks.
  const int age = day - product.launch_day;
  const double novelty = product.launch_day > 0 && age >= 0 && age < 14 ? 0.7 : 0.0;
  return novelty - 0.9 * taste_distance(shopper.taste, product.taste);
}

/// Draws a few popular products of a type and returns one that the shopper likes.
std::size_t browse(const Shop& shop, const Shopper& shopper, std::size_t type, int day,
                   base::Random& random) {
  std::array<std::size_t, kCandidates> candidates{};
  std::array<double, kCandidates> weights{};
  for (std::size_t i = 0; i < kCandidates; ++i) {
    candidates[i] = shop.popular_of_type(type, day, random);
    // The offset avoids that all weights are zero for a shopper who likes none of the candidates.
    weights[i] = 1e-9 + base::portable_exp(liking(shopper, shop.products()[candidates[i]], day));
  }
  return candidates[random.weighted(weights)];
}

/// Draws from a few similar products, most often one of the most similar and popular.
std::size_t look_alike(const Shop& shop, std::size_t product, int day, base::Random& random) {
  const auto& similar = shop.similar(product);
  if (similar.empty()) return product;
  constexpr std::size_t kOffered = 3;
  std::array<std::size_t, kOffered> offered{};
  std::array<double, kOffered> weights{};
  bool any = false;
  for (std::size_t i = 0; i < kOffered; ++i) {
    std::size_t rank = 0;
    while (rank + 1 < similar.size() && random.chance(0.62)) ++rank;
    offered[i] = similar[rank];
    const Product& neighbour = shop.products()[offered[i]];
    weights[i] = neighbour.launch_day <= day ? neighbour.popularity : 0.0;
    any |= weights[i] > 0.0;
  }
  return any ? offered[random.weighted(weights)] : product;
}

std::size_t complement_of(std::size_t type, base::Random& random) {
  constexpr std::array<double, 3> kWeights = {0.6, 0.25, 0.15};
  return product_type_named(product_types()[type].goes_with[random.weighted(kWeights)]);
}

std::size_t intended_type(const Shop& shop, const Shopper& shopper, int day_of_year,
                          base::Random& random) {
  std::array<double, kProductTypes> weights{};
  for (std::size_t type = 0; type < kProductTypes; ++type) {
    if (shop.type_size(type) == 0) continue;
    weights[type] = shopper.interest[type] * season_factor(product_types()[type], day_of_year);
  }
  return random.weighted(weights);
}

}  // namespace

std::int64_t session_start(const Day& day, base::Random& random) {
  const std::size_t hour = random.weighted(kHours);
  return day.midnight + static_cast<std::int64_t>(hour * 3600 + random.below(3600));
}

std::string_view word_of(EventKind kind) {
  if (kind == EventKind::kRemove) return "remove_from_cart";
  if (kind == EventKind::kOther) return "select_item";  // a click in a list
  return data::kEventKindNames[static_cast<std::size_t>(kind)];
}

double shopper_activity(std::uint64_t seed, std::uint64_t number) {
  base::Random random(seed, kActivityStream, number);
  // Log-normal with mean 1: some shoppers come daily, many come once.
  return base::portable_exp(0.8 * random.normal() - 0.32);
}

Shopper make_shopper(std::uint64_t seed, std::uint64_t number) {
  base::Random random(seed, kShopperStream, number);
  Shopper shopper;
  for (double& taste : shopper.taste) taste = 0.8 * random.normal();
  std::string_view department;
  double liked = 1.0;
  for (std::size_t type = 0; type < kProductTypes; ++type) {
    if (product_types()[type].department != department) {
      department = product_types()[type].department;
      liked = base::portable_exp(1.2 * random.normal());
    }
    shopper.interest[type] = liked * base::portable_exp(0.7 * random.normal());
  }
  shopper.activity = shopper_activity(seed, number);
  shopper.anonymous = random.chance(0.08);
  return shopper;
}

void simulate_session(const Shop& shop, const Shopper& shopper, const Day& day,
                      base::Random& random, std::vector<SimulatedEvent>& events,
                      const Behaviour& behaviour) {
  std::int64_t time = session_start(day, random);
  const auto views = std::min<std::size_t>(
      kMostViews, 1 + static_cast<std::size_t>(random.exponential(kMeanViews)));
  std::size_t type = intended_type(shop, shopper, day.day_of_year, random);
  std::vector<std::size_t> seen;
  std::vector<std::uint32_t> cart;
  bool from_cart = false;
  const auto add = [&](std::size_t product, EventKind kind, std::uint32_t quantity) {
    events.push_back({time, static_cast<std::uint32_t>(product), kind, quantity});
    time += 2 + static_cast<std::int64_t>(random.exponential(40.0));
  };
  for (std::size_t i = 0; i < views; ++i) {
    std::size_t product = 0;
    const double step = random.uniform();
    if (seen.empty() || from_cart) {
      product = browse(shop, shopper, type, day.number, random);
    } else if (step < 0.58) {
      product = look_alike(shop, seen.back(), day.number, random);
    } else if (step < 0.82) {
      product = browse(shop, shopper, type, day.number, random);
    } else if (step < 0.91) {
      product = seen[random.below(seen.size())];
    } else if (step < 0.95) {
      type = complement_of(type, random);
      product = browse(shop, shopper, type, day.number, random);
    } else {
      product = shop.popular(day.number, random);  // a click by mistake or on a banner
    }
    from_cart = false;
    add(product, EventKind::kView, 0);
    seen.push_back(product);
    const Product& shown = shop.products()[product];
    const double fit = 1.0 / (1.0 + taste_distance(shopper.taste, shown.taste));
    if (random.chance(0.03 * fit)) add(product, EventKind::kFavorite, 0);
    if (shown.available && random.chance(behaviour.carts * (0.05 + 0.15 * fit))) {
      const bool cheap = shown.price_cents < 4000;
      const std::uint32_t quantity =
          cheap && random.chance(0.3) ? 2 + static_cast<std::uint32_t>(random.below(3)) : 1;
      add(product, EventKind::kCart, quantity);
      if (random.chance(0.1)) {
        add(product, EventKind::kRemove, quantity);
      } else if (std::find(cart.begin(), cart.end(), product) == cart.end()) {
        cart.push_back(static_cast<std::uint32_t>(product));
      }
      if (random.chance(0.6)) {
        type = complement_of(type, random);
        from_cart = true;
      }
    }
  }
  if (cart.empty() || !random.chance(0.45 * behaviour.conversion)) return;
  time += 60 + static_cast<std::int64_t>(random.exponential(90.0));
  for (const std::uint32_t product : cart) {
    std::uint32_t quantity = 1;
    for (const SimulatedEvent& event : events) {
      if (event.kind == EventKind::kCart && event.product == product) quantity = event.quantity;
    }
    if (behaviour.basket > 1.0) quantity += random.poisson(quantity * (behaviour.basket - 1.0));
    // All lines of an order have the same time.
    events.push_back({time, product, EventKind::kPurchase, quantity});
  }
}

void simulate_bot(const Shop& shop, const Day& day, base::Random& random,
                  std::vector<SimulatedEvent>& events) {
  std::int64_t time = session_start(day, random);
  const std::size_t views = 40 + random.below(80);
  for (std::size_t i = 0; i < views; ++i) {
    const auto product = static_cast<std::uint32_t>(random.below(shop.products().size()));
    events.push_back({time, product, EventKind::kView, 0});
    time += 1 + static_cast<std::int64_t>(random.below(3));
  }
}

}  // namespace vitrine::simulate
