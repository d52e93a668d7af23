#include "simulate/shop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <unordered_set>
#include <utility>

namespace vitrine::simulate {

namespace {

enum Stream : std::uint64_t { kProductStream = 1, kRankStream = 2, kDesignStream = 3 };

constexpr std::size_t kSimilar = 12;
// The number of products that each product is compared with to find similar ones. These are the
// neighbours by the first taste.
constexpr std::size_t kSimilarWindow = 150;
constexpr double kUnavailable = 0.03;
constexpr double kNewProducts = 0.3;

std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  return out;
}

std::string capitalized(std::string_view text) {
  std::string out(text);
  out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool starts_with_vowel(std::string_view text) {
  return std::string_view("AEIOUaeiou").find(text[0]) != std::string_view::npos;
}

/// Rounds to a price that is usual in shops: 19.90, 24.50, 139.00.
std::uint32_t shop_price(double amount) {
  if (amount >= 100.0) return static_cast<std::uint32_t>(amount / 5.0 + 0.5) * 500 - 100;
  if (amount >= 30.0) return static_cast<std::uint32_t>(amount + 0.5) * 100;
  return std::max<std::uint32_t>(static_cast<std::uint32_t>(amount * 2.0 + 0.5), 6) * 50 - 10;
}

/// The noun, material, color and shape of the n-th product of a type. All combinations are visited
/// in a shuffled order, so that two products rarely look the same.
struct Design {
  std::size_t noun, material, color, shape;
};

Design design_of(std::uint64_t seed, std::size_t type, std::size_t nth) {
  const std::size_t combinations = 4 * 4 * colors().size();
  const std::size_t round = nth / combinations;
  // A step that has no common factor with the count visits each combination once.
  constexpr std::size_t kStep = 101;
  base::Random random(seed, kDesignStream, type);
  const std::size_t at = (random.below(combinations) + nth * kStep) % combinations;
  return {at % 4, at / 4 % 4, at / 16, (at / 4 + at + round) % 4};
}

Product make_product(std::uint64_t seed, std::size_t index, std::size_t type, std::size_t nth,
                     int days, std::unordered_set<std::string>& titles) {
  base::Random random(seed, kProductStream, index);
  const ProductType& kind = product_types()[type];
  const Design design = design_of(seed, type, nth);
  const Color& color = colors()[design.color];
  Product product;
  product.type = type;
  product.color = design.color;
  product.material = design.material;
  product.brand = random.below(brands().size());
  const Brand& brand = brands()[product.brand];
  const double level = brand.level + 0.15 * random.normal();
  product.price_cents = shop_price(
      kind.price * base::portable_exp(level + 0.12 * static_cast<double>(design.noun) - 0.18));
  product.available = !random.chance(kUnavailable);
  product.taste = {color.warmth + 0.3 * random.normal(), color.loudness + 0.3 * random.normal(),
                   2.0 * level, 0.8 * random.normal()};
  product.launch_day = random.chance(kNewProducts)
                           ? static_cast<int>(random.below(static_cast<std::size_t>(days)))
                           : 0;

  const std::string_view noun = kind.nouns[design.noun];
  const std::string_view material = kind.materials[design.material];
  const std::string_view shape = kind.shapes[design.shape];
  // Avoids titles such as "Canvas Canvas Tote".
  const bool doubled = noun.substr(0, noun.find(' ')) == material.substr(0, material.find(' '));
  const std::string name = doubled ? std::string(noun) : fmt::format("{} {}", material, noun);
  product.id = fmt::format("{}-{:04}", slug(name), index + 1);
  // The title of furniture ends with its shape, that of other things usually with the color. The
  // other word is added only when the title exists already.
  const bool shape_leads = kind.department == "Furniture" || design.color % 3 == 0;
  const std::string color_word = capitalized(color.name);
  product.title = fmt::format("{}, {}", name, shape_leads ? std::string(shape) : color_word);
  if (!titles.insert(product.title).second) {
    product.title += fmt::format(", {}", shape_leads ? color_word : std::string(shape));
    titles.insert(product.title);
  }
  product.description = fmt::format("{} {} in {}, by {}. {}", starts_with_vowel(name) ? "An" : "A",
                                    lower(name), color.name, brand.name, kind.sentence);
  return product;
}

}  // namespace

double taste_distance(const Taste& a, const Taste& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < kTastes; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

Shop::Shop(std::uint64_t seed, std::size_t products, int days) {
  products_.reserve(products);
  std::unordered_set<std::string> titles;
  for (std::size_t i = 0; i < products; ++i) {
    const std::size_t type = i % kProductTypes;
    products_.push_back(make_product(seed, i, type, by_type_[type].size(), days, titles));
    by_type_[type].push_back(static_cast<std::uint32_t>(i));
  }

  // Zipf-like popularity over a shuffled order (Fisher-Yates).
  std::vector<std::size_t> ranks(products);
  std::iota(ranks.begin(), ranks.end(), std::size_t{0});
  base::Random random(seed, kRankStream, 0);
  for (std::size_t i = products; i > 1; --i) std::swap(ranks[i - 1], ranks[random.below(i)]);
  double sum = 0.0;
  sums_.reserve(products);
  for (std::size_t i = 0; i < products; ++i) {
    products_[i].popularity = 1.0 / (static_cast<double>(ranks[i]) + 4.0);
    sum += products_[i].popularity;
    sums_.push_back(sum);
  }

  similar_.resize(products);
  for (std::size_t type = 0; type < kProductTypes; ++type) {
    double type_sum = 0.0;
    for (const std::uint32_t product : by_type_[type]) {
      type_sum += products_[product].popularity;
      type_sums_[type].push_back(type_sum);
    }
    std::vector<std::uint32_t> order = by_type_[type];
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
      return std::pair(products_[a].taste[0], a) < std::pair(products_[b].taste[0], b);
    });
    std::vector<std::pair<double, std::uint32_t>> near;
    for (std::size_t at = 0; at < order.size(); ++at) {
      near.clear();
      const std::size_t begin = at > kSimilarWindow ? at - kSimilarWindow : 0;
      const std::size_t end = std::min(order.size(), at + kSimilarWindow + 1);
      for (std::size_t other = begin; other < end; ++other) {
        if (other == at) continue;
        near.emplace_back(taste_distance(products_[order[at]].taste, products_[order[other]].taste),
                          order[other]);
      }
      const std::size_t kept = std::min(kSimilar, near.size());
      std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end());
      for (std::size_t i = 0; i < kept; ++i) similar_[order[at]].push_back(near[i].second);
    }
  }
}

std::size_t Shop::popular_of_type(std::size_t type, int day, base::Random& random) const {
  if (by_type_[type].empty()) return popular(day, random);
  std::size_t found = by_type_[type].front();
  // Draws a few times to find a product that is already on the market. The first product of a type
  // may be too early.
  for (int attempt = 0; attempt < 8; ++attempt) {
    found = by_type_[type][random.cumulative(type_sums_[type])];
    if (products_[found].launch_day <= day) break;
  }
  return found;
}

std::size_t Shop::popular(int day, base::Random& random) const {
  std::size_t found = 0;
  for (int attempt = 0; attempt < 8; ++attempt) {
    found = random.cumulative(sums_);
    if (products_[found].launch_day <= day) break;
  }
  return found;
}

}  // namespace vitrine::simulate
