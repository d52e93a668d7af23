#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vitrine/ranking/session.h"

namespace vitrine::data {

using vitrine::kEventKindNames;

/// Returns the kind for a shop's own event name, such as "pv", "addToCart" or "Transaction". Case,
/// spaces, "-" and "_" are ignored. An unknown name gives kOther, an empty name gives kView.
[[nodiscard]] EventKind event_kind(std::string_view word);

/// Returns an SQL expression of type UTINYINT that maps the VARCHAR expression `word` in the same
/// way as event_kind.
[[nodiscard]] std::string event_kind_sql(std::string_view word);

}  // namespace vitrine::data
