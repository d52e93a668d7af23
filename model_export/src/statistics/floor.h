#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/database.h"
#include "model/floor_counts.h"

namespace vitrine::statistics {

/// Makes a view of the table `events` (of read_events) that rests on at least `min_shoppers`
/// distinct shoppers, and returns its name. Items with fewer shoppers are left out; a kind of event
/// that fewer shoppers did to an item becomes a view of it; the country of an event is not known
/// where fewer shoppers of that country met the item. The view has a number for the shopper of each
/// session, and no user. It follows neither later changes of `events` nor of `min_shoppers`.
///
/// This is the only place where single shoppers are looked at: statistics are functions of the
/// view.
[[nodiscard]] std::string make_floor(data::Database& database, std::string_view events,
                                     std::uint32_t min_shoppers);

/// Drops what make_floor made for `events`, if anything.
void drop_floor(data::Database& database, std::string_view events);

/// Counts the items and events of `events`, and those that its view leaves out.
[[nodiscard]] model::FloorCounts count_floor(data::Database& database, std::string_view events,
                                             std::uint32_t min_shoppers);

}  // namespace vitrine::statistics
