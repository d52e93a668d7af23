#pragma once

#include <cstddef>
#include <cstdint>

#include "bundle/overlay_writer.h"
#include "model/catalogue.h"
#include "model/item_table.h"
#include "vitrine/format/bundle.h"

namespace vitrine::release {

/// Options for making an overlay from a catalogue.
struct OverlayOptions {
  bool prices = true;     // true when the catalogue has prices
  bool available = true;  // true when the catalogue has availability
  bool complete = false;  // true when items missing in the catalogue are not available
  /// The weight of the events; the bundle's popularity has the weight 1 - trend. From 0 to below 1.
  double trend = 0.5;
  unsigned threads = 1;
};

/// Returns the differences between `bundle` and `catalogue`. With `recent` items (which may be
/// empty) it also updates popularity: the new popularity of an item is (1 - trend) times its share
/// in the bundle plus trend times its events relative to the item with most events.
///
/// Items that the bundle does not know take their scores from at most layout::kAlike known items
/// with similar catalogue entries, as NewItems do in training. Their category is the deepest level
/// that the bundle has; a brand that the bundle does not have is left out.
[[nodiscard]] bundle::OverlayContents make_overlay(const Bundle& bundle,
                                                   const model::Catalogue& catalogue,
                                                   const model::ItemTable& recent,
                                                   const OverlayOptions& options);

}  // namespace vitrine::release
