#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bundle/bundle_writer.h"
#include "model/training_data.h"
#include "recommend/models/content_vectors.h"

namespace vitrine::recommend {

/// The settings for items without events, which take their scores from items with similar catalogue
/// entries.
struct ContentOptions {
  std::uint32_t neighbours = 20;  // alike items that lend to one; 0: none borrow
  /// The weight of the scores taken from other items; 0: from the log (new_item_weight).
  float weight = 0.0F;
};

/// Returns the views in the last tenth of the log of items that had no events before, over those of
/// the other items: near 1 in a shop whose new items are taken up, little where
/// the catalogue keeps items that nobody buys. Counts as if one more new item had been seen like
/// the others; from 0.1 to 1. 1 without a catalogue.
[[nodiscard]] float new_item_weight(const std::optional<model::NewItemCounts>& counts);

struct NewItemCounts {
  std::uint64_t without_events = 0;
  std::uint64_t borrow_from_alike = 0;  // of those
};
void to_json(nlohmann::json& out, const NewItemCounts& counts);

/// The items of the catalogue without events, and the scores that they take from other items.
class NewItems {
 public:
  /// `contents`: its ids and attributes, `seen` of which have events and come first. `titles`: of
  /// all items, in lower case; empty text where there is none.
  NewItems(const bundle::BundleContents& contents, std::span<const std::string> titles,
           std::uint32_t seen, const ContentOptions& options, unsigned threads);

  /// Adds session entries: at most `most` that lead to an item, and as many that lead from it. None
  /// lead to an item that is not available.
  void fill_rows(std::vector<model::SessionEntry>& rows, std::uint32_t most) const;
  /// Fills in the popularity of new items, [n].
  void fill_popularity(std::vector<double>& popularity) const;
  /// Extends the matrix to all items. New items get zeros when the vectors of all items would take
  /// more than half of `max_bytes`.
  void fill_embeddings(model::EmbeddingMatrix& embeddings, std::size_t max_bytes) const;

  [[nodiscard]] NewItemCounts counts() const;

 private:
  std::uint32_t seen_;
  std::uint32_t count_;  // of new items
  float weight_;
  std::vector<bool> available_;  // [count]
  AlikeItems alike_;             // empty: nothing is borrowed
};

}  // namespace vitrine::recommend
