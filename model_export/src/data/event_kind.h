#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/event_words.h"
#include "vitrine/ranking/session.h"

namespace vitrine::data {

using vitrine::kEventKindNames;

/// Returns the meaning of a shop's own event name, such as "pv", "addToCart" or "Order Refunded".
/// Case, spaces, "-", "_" and "." are ignored. An unknown name gives kOther, an empty name gives
/// kView.
[[nodiscard]] EventMeaning event_meaning(std::string_view word);

/// Returns the kind of a shop's own event name: its meaning, and kOther for an event that is no
/// step of a session.
[[nodiscard]] EventKind event_kind(std::string_view word);

/// Return SQL expressions of type UTINYINT that map the VARCHAR expression `word` in the same way
/// as event_meaning and event_kind.
[[nodiscard]] std::string event_meaning_sql(std::string_view word);
[[nodiscard]] std::string event_kind_sql(std::string_view word);

}  // namespace vitrine::data
