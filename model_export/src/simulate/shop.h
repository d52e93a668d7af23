#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "simulate/product_types.h"

namespace vitrine::simulate {

inline constexpr std::size_t kTastes = 4;

/// What nobody sees but everything follows from. Two of the tastes show as color (warmth,
/// loudness), one as price level, one stays hidden.
using Taste = std::array<double, kTastes>;

/// A product of the simulated shop.
struct Product {
  std::string id;
  std::string title;
  std::string description;
  std::size_t type = 0;
  std::size_t brand = 0;
  std::size_t color = 0;
  std::size_t material = 0;
  std::uint32_t price_cents = 0;
  bool available = true;
  Taste taste{};
  double popularity = 0.0;
  /// Day of the simulation on which it appears; 0 or less: it was always there.
  int launch_day = 0;
};

/// The catalogue with what shoppers need to find their way through it.
class Shop {
 public:
  /// The same arguments give the same shop on every machine. O(products) time and memory.
  Shop(std::uint64_t seed, std::size_t products, int days);

  [[nodiscard]] const std::vector<Product>& products() const noexcept { return products_; }

  /// Number of products of a type; types may be empty in a tiny shop.
  [[nodiscard]] std::size_t type_size(std::size_t type) const { return by_type_[type].size(); }

  /// A product of the type (any type when it is empty), by popularity, on the market on `day`.
  [[nodiscard]] std::size_t popular_of_type(std::size_t type, int day, base::Random& random) const;

  /// Any product, by popularity, on the market on `day`.
  [[nodiscard]] std::size_t popular(int day, base::Random& random) const;

  /// The products of the same type that are closest in taste, the closest first.
  [[nodiscard]] const std::vector<std::uint32_t>& similar(std::size_t product) const {
    return similar_[product];
  }

 private:
  std::vector<Product> products_;
  std::array<std::vector<std::uint32_t>, kProductTypes> by_type_;
  std::array<std::vector<double>, kProductTypes> type_sums_;
  std::vector<double> sums_;
  std::vector<std::vector<std::uint32_t>> similar_;
};

/// Squared distance; smaller is more alike.
[[nodiscard]] double taste_distance(const Taste& a, const Taste& b);

}  // namespace vitrine::simulate
