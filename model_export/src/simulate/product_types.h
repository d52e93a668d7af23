#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace vitrine::simulate {

/// The properties that all products of one type share. The demo draws a picture for each type, by
/// its name.
struct ProductType {
  std::string_view department;
  /// The plural name, which is the last part of the category path: "Side Tables".
  std::string_view name;
  /// Singular names for titles, the general one first: "Side Table", "Nesting Table".
  std::array<std::string_view, 4> nouns;
  std::array<std::string_view, 4> materials;
  /// Shapes or sizes; some titles end with one of them.
  std::array<std::string_view, 4> shapes;
  /// The median price of a brand in the middle of the market.
  double price;
  /// The day of the year (0..364) of the highest demand; the next value is the demand above 1 on
  /// that day.
  int peak_day;
  double season;
  /// The names of the types that are often put into the same cart.
  std::array<std::string_view, 3> goes_with;
  /// The second sentence of the description.
  std::string_view sentence;
};

struct Color {
  std::string_view name;
  std::string_view hex;
  /// From -1 cool to 1 warm, and from -1 quiet to 1 loud. These values connect colors with tastes.
  double warmth;
  double loudness;
};

struct Brand {
  std::string_view name;
  /// The natural logarithm of the brand's price relative to the middle of the market.
  double level;
};

inline constexpr std::size_t kProductTypes = 24;

[[nodiscard]] std::span<const ProductType, kProductTypes> product_types();
[[nodiscard]] std::span<const Color> colors();
[[nodiscard]] std::span<const Brand> brands();

/// Returns the index of the type with that name, or kProductTypes when there is none.
[[nodiscard]] std::size_t product_type_named(std::string_view name);

/// Returns the demand for a type on a day of the year (0..364): 1 out of season.
[[nodiscard]] double season_factor(const ProductType& type, int day_of_year);

}  // namespace vitrine::simulate
