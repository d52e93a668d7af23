#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "model/embeddings.h"
#include "model/item_attributes.h"
#include "model/market.h"
#include "model/sampled_sessions.h"
#include "model/session_entry.h"
#include "vitrine/format/bundle_layout.h"
#include "vitrine/format/settings.h"

namespace vitrine::bundle {

/// Everything that goes into a bundle, in plain form. Vectors with one entry per item are in item
/// order.
struct BundleContents {
  std::vector<std::string> ids;
  std::vector<double> popularity;   // [n], finite, not negative
  std::vector<std::uint8_t> trend;  // [n], trending rate in 255ths of the largest; or empty
  std::vector<model::ItemAttributes> attributes;  // [n], or empty without a catalogue
  model::EmbeddingMatrix embeddings;
  model::ItemPartitions partitions;  // items are numbered by them first, then by the arrangement
  std::vector<model::SessionEntry> session_rows;  // sorted by source, then target; weights > 0
  model::SampledSessions sessions;                // empty: no neighbours
  std::vector<model::Market> markets;             // sorted by name
  std::vector<std::uint32_t>
      arrangement;  // [n], the number of each item in the file; empty: as here
  layout::Settings settings{};
  nlohmann::json metadata = nlohmann::json::object();
  nlohmann::json experiments;  // null: none
};

/// Returns the bytes of a bundle, format version 1. Session weights are rounded to layout::kLevels
/// levels. Throws Error(kDataUnusable) when the contents do not fit the format (too many items or
/// categories, an id over 1,024 bytes).
[[nodiscard]] std::vector<std::byte> write_bundle(const BundleContents& contents);

/// Throws Error(kDataUnusable), as write_bundle does, when `items` have more categories or brands
/// than a bundle holds, or are too many themselves. O(items); meant for before the long work.
void check_catalogue(std::span<const model::ItemAttributes> items);

/// The bytes that write_bundle() returns for the contents of `bundle` with other settings.
/// O(bytes). Precondition: `bundle` is a valid bundle.
[[nodiscard]] std::vector<std::byte> with_settings(std::span<const std::byte> bundle,
                                                   const layout::Settings& settings);

}  // namespace vitrine::bundle
