#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace vitrine::train {

/// What a shopper did. The numbers are stored in tables and files: never renumber.
enum class EventKind : std::uint8_t {
  kView = 0,
  kCart = 1,
  kPurchase = 2,
  kFavorite = 3,
  kRemove = 4,
  kOther = 5,
};

inline constexpr std::size_t kEventKinds = 6;

/// "view", "cart", ... in the order of EventKind.
inline constexpr std::array<std::string_view, kEventKinds> kEventKindNames = {
    "view", "cart", "purchase", "favorite", "remove", "other"};

/// The kind that a shop's own word stands for ("pv", "addToCart", "Transaction"); case, spaces,
/// "-" and "_" do not count. Unknown words are kOther, an empty word is kView.
[[nodiscard]] EventKind event_kind(std::string_view word);

/// An SQL expression of type UTINYINT that maps the VARCHAR expression `word` as event_kind does.
[[nodiscard]] std::string event_kind_sql(std::string_view word);

}  // namespace vitrine::train
