#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// The bundle file, format version 1, and the overlay file, version 1, that changes what a bundle
/// says of stock, prices, popularity and new items: the one place where reader and writer agree.
/// docs/bundle-format.md explains it to people.
///
///     Header | Section[section_count] | padding | section bytes | padding | section bytes ...
///
/// All numbers are little-endian. Every section starts at a multiple of kAlignment, so an aligned
/// buffer can be read in place. A section is one plain array; unless said otherwise it has one
/// entry per item.
///
/// Items may be numbered in any order. The writer numbers them so that those which follow one
/// another in sessions lie together: the gaps in session rows are then small.
namespace vitrine::layout {

static_assert(std::endian::native == std::endian::little, "bundles are read in place");

inline constexpr char kMagic[8] = {'V', 'I', 'T', 'R', 'I', 'N', 'E', '\n'};
inline constexpr std::uint32_t kVersion = 1;
inline constexpr char kOverlayMagic[8] = {'V', 'I', 'T', 'R', 'L', 'A', 'Y', '\n'};
inline constexpr std::uint32_t kOverlayVersion = 1;
/// Known items that a new item of an overlay is like, at most.
inline constexpr std::uint32_t kAlike = 8;
inline constexpr std::size_t kAlignment = 16;
/// The alignment of the buffer that holds a file. It is that of the largest number in the file, and
/// every malloc gives it.
inline constexpr std::size_t kBufferAlignment = 8;
inline constexpr std::uint32_t kMaxItems = 1U << 24;
inline constexpr std::uint32_t kMaxSections = 64;
inline constexpr std::uint32_t kMaxDims = 256;
inline constexpr std::uint32_t kMaxPartitions = 65536;
inline constexpr std::size_t kMaxIdBytes = 1024;
/// Ids are front-coded in blocks of this many; a block's first id is whole.
inline constexpr std::uint32_t kIdBlock = 16;
/// Best-known items of a market: those that come first in it, and all that are named.
inline constexpr std::uint32_t kMarketFirst = 8;
inline constexpr std::uint32_t kMarketSize = 24;
inline constexpr std::uint16_t kNoCategory = 0xFFFF;
inline constexpr std::uint16_t kNoBrand = 0xFFFF;
/// A price that the catalogue did not give. Real prices are finite and not negative.
inline constexpr float kNoPrice = -1.0F;

/// An entry of a session row is a byte: the gap to its target in the upper half, which of kLevels
/// weights it has in the lower. Upper halves below kShortGaps are the gap itself; those up to 14
/// name 256 gaps each, one of which the next byte picks; 15 says that a varint of the gap less
/// kLongGap follows, of at most kGapBytes bytes.
inline constexpr std::uint32_t kLevels = 16;
inline constexpr std::uint32_t kShortGaps = 12;
inline constexpr std::uint32_t kLongGap = kShortGaps + (15 - kShortGaps) * 256;
inline constexpr unsigned kGapBytes = 4;

struct Header {
  char magic[8];
  std::uint64_t content_hash;  // XXH64, seed 0, of every byte after this field
  std::uint32_t version;
  std::uint32_t section_count;
  std::uint64_t file_size;
  std::uint32_t item_count;
  std::uint32_t embedding_dims;    // 0 when the bundle has no embeddings
  std::uint32_t embedding_stride;  // bytes from one item's codes to the next: dims rounded up to 16
  std::uint32_t session_entries;   // entries of all session rows together
};
static_assert(sizeof(Header) == 48);

/// Of an overlay; the first 32 bytes are those of a Header.
struct OverlayHeader {
  char magic[8];
  std::uint64_t content_hash;
  std::uint32_t version;
  std::uint32_t section_count;
  std::uint64_t file_size;
  std::uint64_t base_hash;         // content_hash of the bundle that it changes
  std::uint32_t added_items;       // they are numbered from the bundle's item_count on
  std::uint32_t popularity_shift;  // taken from the popularity code of each item of the bundle that
                                   // kChangedPopularity does not name; codes stay above 0
};
static_assert(sizeof(OverlayHeader) == sizeof(Header));
/// The first byte that content_hash covers.
inline constexpr std::size_t kHashedFrom = 16;

enum class SectionKind : std::uint32_t {
  kIds = 1,  // u32 block_offset[ceil(n / kIdBlock) + 1], then per id: varint shared, varint rest,
             // bytes
  kIdOrder = 2,      // item number of the i-th id in byte order; byte planes, 2 when n <= 65536,
                     // else 3
  kSettings = 3,     // fields with tags, see settings.h; absent: all have their default
  kMetadata = 4,     // JSON text, UTF-8
  kExperiments = 5,  // JSON text, UTF-8; optional
  kPopularity = 6,   // share of the best item; 2 byte planes, see popularity.h
  kTrend = 7,  // u8: how much more the item is seen than it used to be, in 255ths of the most;
               // 0 for nearly all items; optional
  kCategories =
      10,        // string table of category paths ("Kitchen/Mugs"), in component order; optional
  kBrands = 11,  // string table of brand names, sorted; optional
  kItemCategory = 12,     // u16 into kCategories or kNoCategory; optional
  kItemBrand = 13,        // u16 into kBrands or kNoBrand; optional
  kItemPrice = 14,        // f32 or kNoPrice; optional
  kItemAvailable = 15,    // one bit per item, lowest bit first; optional (absent: all available)
  kEmbeddingScales = 20,  // u16: upper half of the f32 that one int8 step stands for; optional
  kEmbeddingCodes = 21,   // i8[stride] per item, zero beyond dims; optional
  kEmbeddingGram = 22,    // f32, packed lower triangle of Y^T Y + lambda I, row by row; optional
  kRowLengths = 30,      // entries of the session row of this item that lie upwards of it, then the
                         // bytes of the whole row: byte planes of 2 n, 1 or 2; optional
  kRowLevels = 31,       // f32[kLevels]: the weights that entries name; optional
  kRowEntries = 32,      // the rows, one after the other; see session_rows.h; optional
  kSampleLengths = 40,   // u8 per sampled session, latest first, at least 1; optional
  kSampleItemsLow = 41,  // u16 per item of a session: its lower bits, rising in a session; optional
  kSampleItemsHigh = 42,  // u8 per item of a session: upper bits; only when n > 65536
  kMarkets = 50,          // string table of the names of markets ("Germany"), sorted; optional
  kMarketItems = 51,      // u32[kMarketSize] per market: its kMarketFirst best-known items, rising,
                          // then the next, rising
  kPartitionCentroids = 60,  // i8[stride] per partition, zero beyond dims; optional
  kPartitionScales = 61,     // u16 per partition: what an int8 step of its centroid stands for
  kPartitionEnds = 62,       // u32 per partition: one past its last item, the first begins at 0
  kPartitionSearch = 63,     // one Search
  kEmbeddingResiduals = 64,  // i8[stride] per item: 256ths of a step to add to the codes; optional
  // Of overlays; all are optional. An overlay may also have kExperiments, which replaces the
  // bundle's, and kPopularity, kItemCategory, kItemBrand, kItemPrice and kItemAvailable: these are
  // of the added items. Lists of changed items are u32, rising.
  kAddedIds = 80,           // string table of the ids of the added items, in the order of numbers
  kAlikeItems = 81,         // u32[kAlike] per added item: items of the bundle that are like it
  kAlikeShares = 82,        // u8[kAlike] per added item: what each lends, in 255ths; at most 255
                            // together, 0: no item
  kChangedPrices = 83,      // items whose price is another
  kNewPrices = 84,          // f32 or kNoPrice for each of these
  kChangedAvailable = 85,   // items that are available where the bundle says not, or the other way
  kChangedPopularity = 86,  // items whose popularity code is replaced
  kNewPopularity = 87,      // u16 for each of these
};

/// The name of a kind of section, for people.
constexpr std::string_view section_name(SectionKind kind) {
  using enum SectionKind;
  switch (kind) {
    case kIds:
      return "ids";
    case kIdOrder:
      return "id order";
    case kSettings:
      return "settings";
    case kMetadata:
      return "metadata";
    case kExperiments:
      return "experiments";
    case kPopularity:
      return "popularity";
    case kTrend:
      return "trend";
    case kCategories:
      return "categories";
    case kBrands:
      return "brands";
    case kItemCategory:
      return "item category";
    case kItemBrand:
      return "item brand";
    case kItemPrice:
      return "item price";
    case kItemAvailable:
      return "item available";
    case kEmbeddingScales:
      return "embedding scales";
    case kEmbeddingCodes:
      return "embedding codes";
    case kEmbeddingGram:
      return "embedding Gram matrix";
    case kRowLengths:
      return "session row lengths";
    case kRowLevels:
      return "session row levels";
    case kRowEntries:
      return "session rows";
    case kSampleLengths:
      return "sampled session lengths";
    case kSampleItemsLow:
      return "sampled session items, low";
    case kSampleItemsHigh:
      return "sampled session items, high";
    case kMarkets:
      return "markets";
    case kMarketItems:
      return "market items";
    case kPartitionCentroids:
      return "partition centroids";
    case kPartitionScales:
      return "partition scales";
    case kPartitionEnds:
      return "partition ends";
    case kPartitionSearch:
      return "partition search";
    case kEmbeddingResiduals:
      return "embedding residuals";
    case kAddedIds:
      return "added ids";
    case kAlikeItems:
      return "alike items";
    case kAlikeShares:
      return "alike shares";
    case kChangedPrices:
      return "items with other prices";
    case kNewPrices:
      return "prices";
    case kChangedAvailable:
      return "items with other stock";
    case kChangedPopularity:
      return "items with other popularity";
    case kNewPopularity:
      return "new popularity";
  }
  return "unknown";
}

struct Section {
  SectionKind kind;
  std::uint32_t reserved;  // 0
  std::uint64_t offset;    // from the start of the file
  std::uint64_t size;      // in bytes, without padding
};
static_assert(sizeof(Section) == 24);

/// The setting of a search for similar items through partitions.
struct Search {
  float margin = 0.0F;         // how far below the least cosine of the list the cosine of a
                               // partition's centroid may lie; [-2, 2]
  std::uint32_t reserved = 0;  // 0
};
static_assert(sizeof(Search) == 8);
/// Returns the number of items that a search by int8 codes keeps for a list of `limit`. With
/// residuals it is larger, because the final scores order the items more finely.
constexpr std::size_t searched_list(std::size_t limit, bool residuals) {
  return residuals ? limit + limit / 2 + 10 : limit;
}

}  // namespace vitrine::layout
