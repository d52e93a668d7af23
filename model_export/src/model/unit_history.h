#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "vitrine/ranking/session.h"

namespace vitrine::model {

/// One row of a log of units: an event, or an exposure.
struct UnitRow {
  std::int64_t time = 0;  // seconds UTC
  EventKind kind = EventKind::kOther;
  std::string word;  // of the event, lower case; "exposure"
  std::string item;
  std::string list;  // of an exposure: JSON with items, positions and propensities; or empty
};

/// Calls its argument for each unit in turn, by name, with the unit's rows in the order of time, so
/// that no more than one unit is in memory.
using UnitHistories = std::function<void(
    const std::function<void(const std::string& unit, const std::vector<UnitRow>& rows)>& on_unit)>;

/// An exposure of a unit to a variation of a bandit slot, or an event that rewards the last one.
struct RoundRow {
  std::size_t unit = 0;   // counts from 1
  std::int64_t time = 0;  // seconds UTC
  bool exposed = false;
  // Of exposures:
  std::string variation;
  double propensity = 0.0;  // 0: not logged
  double number = -1.0;     // of the unit's rounds; below 0: not logged
};

/// Calls its argument for each row: those of a unit together, in the order of time.
using RoundRows = std::function<void(const std::function<void(RoundRow row)>& on_row)>;

}  // namespace vitrine::model
