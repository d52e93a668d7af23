#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "vitrine/format/bundle_layout.h"

namespace vitrine::bundle {

/// An item that the bundle does not know.
struct AddedItem {
  std::string id;
  std::uint16_t category = layout::kNoCategory;  // places in the bundle's tables
  std::uint16_t brand = layout::kNoBrand;
  float price = layout::kNoPrice;
  bool available = true;
  std::uint32_t popularity = 0;                       // code, as popularity_code() makes them
  std::array<std::uint32_t, layout::kAlike> alike{};  // items of the bundle
  std::array<std::uint8_t, layout::kAlike> shares{};  // in 255ths, at most 255 together; 0: none
};

/// Everything that goes into an overlay. Items are numbers of the bundle, rising.
struct OverlayContents {
  std::uint64_t base_hash = 0;  // content hash of the bundle
  std::vector<std::uint32_t> priced;
  std::vector<float> prices;             // for each of these
  std::vector<std::uint32_t> available;  // those that are available where they were not, or not
  std::vector<std::uint32_t> popular;
  std::vector<std::uint16_t> popularity;  // codes for each of these
  std::uint32_t popularity_shift = 0;     // taken from the codes of all others
  std::vector<AddedItem> added;           // by id
  std::string experiments;                // JSON; empty: those of the bundle
};

/// Returns the bytes of an overlay, format version 1.
[[nodiscard]] std::vector<std::byte> write_overlay(const OverlayContents& contents);

}  // namespace vitrine::bundle
