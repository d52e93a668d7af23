#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "vitrine/ranking/session.h"

namespace vitrine::data {

/// "view", "cart", ... in the order of EventKind.
inline constexpr std::array<std::string_view, kEventKinds> kEventKindNames = {
    "view", "cart", "purchase", "favorite", "remove", "other"};

/// The kind that a shop's own word stands for ("pv", "addToCart", "Transaction"); case, spaces,
/// "-" and "_" do not count. Unknown words are kOther, an empty word is kView.
[[nodiscard]] EventKind event_kind(std::string_view word);

/// An SQL expression of type UTINYINT that maps the VARCHAR expression `word` as event_kind does.
[[nodiscard]] std::string event_kind_sql(std::string_view word);

}  // namespace vitrine::data
