#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/catalogue.h"
#include "model/floor_counts.h"
#include "model/item_table.h"
#include "model/market.h"
#include "model/pair_statistics.h"
#include "model/session_table.h"

namespace vitrine::model {

/// The days of TrainingData::recent_events.
inline constexpr int kRecentDays = 7;

/// Statistics of a log under one set of options: sums over its sessions, by item number.
struct LogStatistics {
  ItemTable items;
  PairStatistics pairs;
  /// With a floor these are pieces of sessions, of items that go together.
  SessionTable sessions;
  FloorCounts floor;
};

/// Views in the last tenth of the log, of the items that had no events in the first nine tenths and
/// of the others. Items that are sold out do not count.
struct NewItemCounts {
  std::int64_t new_items = 0;
  std::int64_t new_item_events = 0;
  std::int64_t other_items = 0;
  std::int64_t other_item_events = 0;
};

/// Everything that a model is trained on. The same whichever engine aggregated the log.
struct TrainingData {
  LogStatistics statistics;
  std::vector<Market> markets;              // sorted by name; empty without countries
  std::vector<std::int64_t> recent_events;  // [n], of the log's last kRecentDays days
  std::optional<Catalogue> catalogue;
  std::optional<NewItemCounts> new_items;  // with a catalogue
};

/// The first event of a session.
struct Opening {
  std::string item;
  std::string country;  // empty: not known
};

}  // namespace vitrine::model
