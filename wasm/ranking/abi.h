#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "vitrine/format/bundle_layout.h"
#include "vitrine/ranking/arranger.h"
#include "vitrine/ranking/ranker.h"
#include "vitrine/ranking/rules.h"
#include "vitrine/ranking/session.h"
#include "vitrine/status.h"
#include "vitrine/visit/recommender.h"

/// The boundary between the ranking module and js/src, stated once: the numbers, blocks of memory
/// and functions that both sides use. describe.cpp prints it as js/src/abi.ts; a test compares.
///
/// Numbers and addresses cross, nothing else. Strings and lists travel through two buffers, one
/// each way, whose addresses hold until the next call that says it may move them:
///
/// input   what JavaScript writes before a call
/// output  what a call leaves behind
namespace vitrine::abi {

/// The index of a name that the bundle does not have.
inline constexpr std::uint32_t kUnknown = 0xFFFFFFFF;

/// Tables of names in a bundle.
enum class Table : std::uint32_t { kItems = 0, kCategories = 1, kBrands = 2, kMarkets = 3 };
inline constexpr std::array<std::string_view, 4> kTableNames = {"items", "categories", "brands",
                                                                "markets"};

/// In the order of ListMode.
inline constexpr std::array<std::string_view, 4> kModeNames = {"recommend", "rerank", "similar",
                                                               "popular"};

/// In the order of Exploration.
inline constexpr std::array<std::string_view, 3> kExplorationNames = {"none", "epsilon", "power"};

/// The values that open() and apply() may change. Addresses and sizes are in bytes.
struct Info {
  std::uint32_t item_count;
  std::uint32_t hash_low;  // of the bundle's content
  std::uint32_t hash_high;
  std::uint32_t metadata;
  std::uint32_t metadata_size;
  std::uint32_t experiments;
  std::uint32_t experiments_size;
};

/// One list that a page asks for, in the input buffer. Behind it follow, without gaps: `pins` times
/// a Pin, `rules` times a RequestRule, the indices that are counted here, group by group in this
/// order, then those of each rule. Indices may be kUnknown: it matches nothing.
struct Request {
  double now;  // milliseconds since 1970, by the clock of the shopper's events
  ListMode mode;
  std::uint32_t limit;  // places at most
  std::uint32_t available_only;
  std::uint32_t exclude_seen;
  std::uint32_t explain;
  float min_price;
  float max_price;  // infinite: no limit
  // The context of a shopper without a history: the item that the page shows, and the market of the
  // shopper, or kUnknown.
  std::uint32_t landing;
  std::uint32_t market;
  // The members of a Plan. With `planned` 0 there is none, and these do not count.
  std::uint32_t planned;
  float relevance;
  std::uint32_t per_category;
  std::uint32_t per_brand;
  Exploration exploration;
  float strength;
  std::uint32_t seed_low;
  std::uint32_t seed_high;
  // Counts of what follows.
  std::uint32_t pins;        // rising by place, at most kMaxPins; without a plan 0
  std::uint32_t rules;       // at most kMaxRules
  std::uint32_t categories;  // of the filter
  std::uint32_t brands;      // of the filter
  std::uint32_t excluded;    // items
  std::uint32_t given;       // items
  std::uint32_t shown;       // categories of the context
};

/// A Rule of a Request, and how many indices it has.
struct RequestRule {
  float factor;
  float min_price;
  float max_price;
  std::uint32_t items;  // rising
  std::uint32_t categories;
  std::uint32_t brands;
};

/// A draw of an experiment, in the input buffer. Behind it follow `numbers` doubles, then the
/// UTF-16 code units of the seed and of the value that is hashed.
struct Draw {
  double coverage;        // share of the values that take part
  std::uint32_t version;  // of the hash: 1 or 2
  std::uint32_t variations;
  std::uint32_t numbers;  // weights, or where `ranged` start and end of each variation's buckets
  std::uint32_t ranged;
  std::uint32_t seed_units;
  std::uint32_t value_units;
};

// The functions of the module. JavaScript sees the parameters by their names here.
#ifdef __wasm__
// Plain exports: what JavaScript calls needs no glue. embind in their place takes 10 KB more after
// brotli.
#define VITRINE_EXPORT(name) extern "C" __attribute__((export_name(#name)))
#else
#define VITRINE_EXPORT(name)
#endif

// JavaScript calls them by JavaScript's names.
// NOLINTBEGIN(readability-identifier-naming)

/// Returns the address of `size` bytes for the bundle. Closes an open bundle.
VITRINE_EXPORT(reserveBundle) std::uintptr_t reserveBundle(std::uint32_t size);
/// Opens the bundle at this address. With `verified` the page has compared its SHA-256, and the
/// hash in the file is not checked. Returns a Status; 0 is ok.
VITRINE_EXPORT(open) std::uint32_t open(bool verified);
/// Returns the address of `size` bytes for an overlay.
VITRINE_EXPORT(reserveOverlay) std::uintptr_t reserveOverlay(std::uint32_t size);
/// Applies the overlay at this address in place of the previous one. Returns a Status; when it is
/// not ok, nothing has changed. Clears the history, because item numbers may have changed.
VITRINE_EXPORT(apply) std::uint32_t apply();

/// Returns the address of an input buffer of at least `words`. May move both buffers.
VITRINE_EXPORT(input) std::uintptr_t input(std::uint32_t words);

// The calls below need an open bundle.

/// Returns the address of Info.
VITRINE_EXPORT(info) std::uintptr_t info();
/// Looks `count` UTF-8 strings up in a Table: input holds their `count` lengths in bytes, then the
/// bytes. Returns the address of an index each, or kUnknown.
VITRINE_EXPORT(find) std::uintptr_t find(std::uint32_t table, std::uint32_t count);
/// Returns the address of the length in bytes of the UTF-8 id of `item`, then the id.
VITRINE_EXPORT(id) std::uintptr_t id(std::uint32_t item);

/// Clears the history.
VITRINE_EXPORT(clear) void clear();
/// Adds an event of `time`, in milliseconds since 1970, to the history. `kind`: an EventKind.
/// Nothing happens when either number is out of range.
VITRINE_EXPORT(record) void record(std::uint32_t item, std::uint32_t kind, double time);
/// Makes the list of the Request in the input. Returns how many places it has.
VITRINE_EXPORT(list) std::uint32_t list();
/// Returns the address of the Ranked of the last list().
VITRINE_EXPORT(ranked) std::uintptr_t ranked();

/// Returns the bucket of the value of the Draw in the input, in [0, 1), or -1 for another version
/// of the hash.
VITRINE_EXPORT(bucket) double bucket();
/// Returns that variation, or -1 for none.
VITRINE_EXPORT(variation) std::int32_t variation();

/// `slot` is the place in the function table at which js/src/ranking/wasm_exports.ts has put a
/// DotScan. Returns true when it is used.
VITRINE_EXPORT(useRelaxedScan) bool useRelaxedScan(std::uintptr_t slot);

// NOLINTEND(readability-identifier-naming)

}  // namespace vitrine::abi
