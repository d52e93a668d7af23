#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "simulate/product_types.h"

namespace vitrine::simulate {

inline constexpr std::size_t kTastes = 4;

/// The hidden values that decide what shoppers like. Two of the tastes are visible as color
/// (warmth, loudness), one as price level, and one stays hidden.
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
  /// The day of the simulation on which the product appears; 0 or less means that it is there from
  /// the beginning.
  int launch_day = 0;
};

/// The catalogue, with the look-ups that simulated shoppers need.
class Shop {
 public:
  /// Makes a shop. The same arguments give the same shop on every machine. O(products) time and
  /// memory.
  Shop(std::uint64_t seed, std::size_t products, int days);

  [[nodiscard]] const std::vector<Product>& products() const noexcept { return products_; }

  /// Returns the number of products of a type. In a very small shop some types are empty.
  [[nodiscard]] std::size_t type_size(std::size_t type) const { return by_type_[type].size(); }

  /// Draws a product of the type by popularity, among those on the market on `day`; draws any
  /// product when the type is empty.
  [[nodiscard]] std::size_t popular_of_type(std::size_t type, int day, base::Random& random) const;

  /// Draws any product by popularity, among those on the market on `day`.
  [[nodiscard]] std::size_t popular(int day, base::Random& random) const;

  /// Returns the products of the same type with the most similar taste, the most similar first.
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

/// Returns the squared distance of two tastes; a smaller value means more alike.
[[nodiscard]] double taste_distance(const Taste& a, const Taste& b);

}  // namespace vitrine::simulate
