#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "vitrine/format/bundle_layout.h"
#include "vitrine/format/catalog.h"
#include "vitrine/format/item_ids.h"
#include "vitrine/format/popularity.h"
#include "vitrine/format/section_file.h"
#include "vitrine/format/session_rows.h"
#include "vitrine/format/settings.h"
#include "vitrine/status.h"

namespace vitrine {

/// Converts the upper half of an f32 back to the f32. The result is exact.
[[nodiscard]] inline float widen(std::uint16_t half) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16U);
}

/// The embeddings Y of all items as int8: y[i][d] = widen(scales[i]) * (codes[i * stride + d] +
/// residuals[i * stride + d] / 256). A bundle without residuals leaves out the last term.
struct Embeddings {
  std::uint32_t dims = 0;                  // 0 when the bundle has none
  std::uint32_t stride = 0;                // multiple of 16, codes beyond dims are 0
  std::span<const std::uint16_t> scales;   // [n]
  std::span<const std::int8_t> codes;      // [n * stride]
  std::span<const std::int8_t> residuals;  // [n * stride], or empty
  std::span<const float> gram;  // [dims * (dims + 1) / 2], Y^T Y + lambda I, lower, by row
};

/// Ranges of items whose embeddings point to about the same direction: partition p is the items
/// from ends[p - 1] (0 for the first) up to ends[p]. Items behind the last one have no embedding.
struct Partitions {
  std::uint32_t stride = 0;
  std::span<const std::int8_t> centroids;  // [partitions * stride]
  std::span<const std::uint16_t> scales;   // [partitions]
  std::span<const std::uint32_t> ends;     // [partitions], not falling; empty when there are none
  layout::Search search;
};

/// The best-known items of each market. A market is usually a country. The lists are for shoppers
/// whose market the page knows.
struct Markets {
  StringTable names;
  std::span<const std::uint32_t> items;  // [names.size() * layout::kMarketSize]

  /// Returns the best-known items of a market: first layout::kMarketFirst of them in rising order,
  /// then the next ones in rising order. Returns an empty span when there is no such market.
  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t market) const {
    if (market >= names.size()) return {};
    return items.subspan(std::size_t{market} * layout::kMarketSize, layout::kMarketSize);
  }
};

/// A sample of past sessions, each stored as a set of items. Sessions are numbered by recency:
/// session 0 is the latest.
struct SessionSample {
  std::vector<std::uint32_t> offsets;          // [sessions + 1], empty when the bundle has none
  std::span<const std::uint16_t> items_low;    // [entries], rising in a session
  std::span<const std::uint8_t> items_high;    // [entries], empty when n <= 65536
  std::vector<std::uint32_t> posting_offsets;  // [n + 1]
  std::vector<std::uint32_t> postings;         // [entries], the sessions of an item, latest first

  [[nodiscard]] bool empty() const { return offsets.empty(); }
  [[nodiscard]] std::size_t sessions() const { return empty() ? 0 : offsets.size() - 1; }
  [[nodiscard]] std::uint32_t item(std::uint32_t entry) const {
    const std::uint32_t low = items_low[entry];
    return items_high.empty() ? low : low | (static_cast<std::uint32_t>(items_high[entry]) << 16U);
  }
  [[nodiscard]] std::span<const std::uint32_t> sessions_with(std::uint32_t item) const {
    return std::span(postings).subspan(posting_offsets[item],
                                       posting_offsets[item + 1] - posting_offsets[item]);
  }
};

/// The items that an overlay adds to a bundle. No session of the log contains them. Each one is
/// ranked by the scores of known items that are like it, weighted by their shares.
struct AddedItems {
  std::uint32_t first = 0;               // the number of the first; items below it are the bundle's
  std::span<const std::uint32_t> alike;  // [added * layout::kAlike]
  std::span<const std::uint8_t>
      shares;  // the weight of each, in 255ths; empty when nothing is like them

  /// A known item from which another item takes its scores, and the weight of these scores.
  struct Donor {
    std::uint32_t item;
    float share;
  };
  class Donors {
   public:
    [[nodiscard]] const Donor* begin() const { return all_.data(); }
    [[nodiscard]] const Donor* end() const { return all_.data() + count_; }

   private:
    friend struct AddedItems;
    std::array<Donor, layout::kAlike> all_;
    std::size_t count_ = 0;
  };
  /// Returns the known items that are like `item`. A known item is returned alone.
  [[nodiscard]] Donors donors_of(std::uint32_t item) const;
  /// Returns the known item that is most like `item`, `item` itself when it is known, or kNone.
  [[nodiscard]] std::uint32_t most_alike(std::uint32_t item) const;
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
};

/// A model file that is read in place. It consists of views over the caller's bytes. open() checks
/// these bytes once, so that no later access leads outside of them.
class Bundle {
 public:
  /// Opens a bundle. `bytes` must start at a multiple of layout::kBufferAlignment and must outlive
  /// the bundle, unchanged. Fails with a named Status when the file is cut off or damaged, or when
  /// an offset leads outside of the file; the second check runs for every Checksum. O(bytes).
  /// Allocates about 8 bytes an item; sampled sessions take 4 more bytes an item, 4 a session and 4
  /// for each item of a session.
  static Result<Bundle> open(std::span<const std::byte> bytes,
                             Checksum checksum = Checksum::kVerify);

  /// Checks everything that open() does not check because a reader stays within the file without
  /// it: ids are UTF-8 and sorted, some item has the full popularity share, and session rows and
  /// codes hold the announced number of entries. Meant for programs that write bundles. O(bytes).
  [[nodiscard]] Status verify() const;

  /// Applies an overlay, a small file of changes to this bundle: prices, availability, popularity,
  /// experiments and added items. It replaces the overlay that was applied before. `overlay` must
  /// start at a multiple of layout::kBufferAlignment and must outlive this bundle, unchanged. A
  /// failed call changes nothing. A successful call invalidates all rankers and arrangers over this
  /// bundle and all numbers of added items. Allocates up to 13 bytes an item. O(items).
  [[nodiscard]] Status apply(std::span<const std::byte> overlay);

  /// Returns the number of items, including added items.
  [[nodiscard]] std::uint32_t item_count() const { return item_count_; }
  [[nodiscard]] const AddedItems& added() const { return added_; }
  /// Identifies the content: equal hashes mean equal bundles.
  [[nodiscard]] std::uint64_t content_hash() const { return header_->content_hash; }
  [[nodiscard]] const layout::Header& header() const { return *header_; }
  [[nodiscard]] std::span<const layout::Section> sections() const { return file_.table(); }
  [[nodiscard]] const layout::Settings& settings() const { return settings_; }
  [[nodiscard]] const ItemIds& ids() const { return ids_; }
  [[nodiscard]] const Catalog& catalog() const { return catalog_; }
  [[nodiscard]] const Embeddings& embeddings() const { return embeddings_; }
  [[nodiscard]] const Partitions& partitions() const { return partitions_; }
  [[nodiscard]] const SessionRows& session_rows() const { return session_rows_; }
  [[nodiscard]] const SessionSample& session_sample() const { return session_sample_; }
  /// The popularity of all items and their order by popularity.
  [[nodiscard]] const Popularity& popularity() const { return popularity_; }
  /// Trending rate of each item of the bundle, in 255ths, not of added ones; empty when the bundle
  /// has none.
  [[nodiscard]] std::span<const std::uint8_t> trend() const { return trend_; }
  [[nodiscard]] const Markets& markets() const { return markets_; }
  /// The metadata as JSON text; empty when the bundle has none.
  [[nodiscard]] std::string_view metadata() const { return metadata_; }
  [[nodiscard]] std::string_view experiments() const { return experiments_; }

 private:
  friend class BundleReader;
  friend class OverlayReader;
  Bundle(ItemIds ids, Catalog catalog, Popularity popularity)
      : ids_(ids), catalog_(std::move(catalog)), popularity_(std::move(popularity)) {}

  const layout::Header* header_ = nullptr;
  SectionFile file_;
  std::uint32_t item_count_ = 0;
  AddedItems added_;
  layout::Settings settings_;
  ItemIds ids_;
  Catalog catalog_;
  Popularity popularity_;
  std::span<const std::uint8_t> trend_;
  Markets markets_;
  Embeddings embeddings_;
  Partitions partitions_;
  SessionRows session_rows_;
  SessionSample session_sample_;
  std::string_view metadata_;
  std::string_view experiments_;
};

}  // namespace vitrine
