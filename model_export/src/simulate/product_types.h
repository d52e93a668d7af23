#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace vitrine::simulate {

/// What all products of one type share. The demo draws a picture for each type, by its name.
struct ProductType {
  std::string_view department;
  /// Plural, the last part of the category path: "Side Tables".
  std::string_view name;
  /// Singular forms for titles, the plain one first: "Side Table", "Nesting Table".
  std::array<std::string_view, 4> nouns;
  std::array<std::string_view, 4> materials;
  /// Shapes or sizes that some titles end with.
  std::array<std::string_view, 4> shapes;
  /// Median price of a brand in the middle of the market.
  double price;
  /// Day of the year (0..364) on which demand peaks and by how much it then exceeds 1.
  int peak_day;
  double season;
  /// Names of the types that are put into the same cart.
  std::array<std::string_view, 3> goes_with;
  /// Second sentence of the description.
  std::string_view sentence;
};

struct Color {
  std::string_view name;
  std::string_view hex;
  /// -1 cool .. 1 warm and -1 quiet .. 1 loud: what ties colors to tastes.
  double warmth;
  double loudness;
};

struct Brand {
  std::string_view name;
  /// Natural logarithm of the brand's price over the middle of the market.
  double level;
};

inline constexpr std::size_t kProductTypes = 24;

[[nodiscard]] std::span<const ProductType, kProductTypes> product_types();
[[nodiscard]] std::span<const Color> colors();
[[nodiscard]] std::span<const Brand> brands();

/// Index of the type with that name; kProductTypes when there is none.
[[nodiscard]] std::size_t product_type_named(std::string_view name);

/// Demand for a type on a day of the year (0..364): 1 out of season.
[[nodiscard]] double season_factor(const ProductType& type, int day_of_year);

}  // namespace vitrine::simulate
