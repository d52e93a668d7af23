#pragma once

#include <cstddef>
#include <cstdint>

#include "bundle/overlay_writer.h"
#include "data/database.h"
#include "vitrine/format/bundle.h"

namespace vitrine::release {

/// How a catalogue becomes an overlay.
struct OverlayOptions {
  bool prices = true;     // whether the catalogue gives prices
  bool available = true;  // whether it says what is available
  bool complete = false;  // what it lacks is not available
  /// What the events count beside the bundle's popularity; 0 to below 1.
  double trend = 0.5;
  unsigned threads = 1;
};

/// What differs between `bundle` and the table `catalogue`, and with the table `events` (which may
/// be missing), between its popularity and what is popular now. An item's popularity is then (1 -
/// trend) times its share in the bundle plus trend times its share of the best item's events.
///
/// Items that the bundle does not know borrow from known ones that the catalogue describes alike,
/// as NewItems do in training, layout::kAlike of them at most. They have the deepest level of their
/// category that the bundle has, and no brand where the bundle has it not.
[[nodiscard]] bundle::OverlayContents make_overlay(data::Database& database, const Bundle& bundle,
                                                   const OverlayOptions& options);

}  // namespace vitrine::release
