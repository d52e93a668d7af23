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

/// Kinds of lists.
enum class Mode : std::uint32_t { kRecommend = 0, kRerank = 1, kSimilar = 2, kPopular = 3 };
inline constexpr std::array<std::string_view, 4> kModeNames = {"recommend", "rerank", "similar",
                                                               "popular"};

/// In the order of Exploration.
inline constexpr std::array<std::string_view, 3> kExplorationNames = {"none", "epsilon", "power"};

/// In the order of ReasonKind.
inline constexpr std::array<std::string_view, 6> kReasonKindNames = {
    "session", "embedding", "popularity", "other", "neighbours", "rule"};

/// What open() and apply() may change. Addresses and sizes are in bytes.
struct Facts {
  std::uint32_t item_count;
  std::uint32_t hash_low;  // of the bundle's content
  std::uint32_t hash_high;
  std::uint32_t session_gap;  // seconds of silence that end a session; 0: it never ends
  std::uint32_t metadata;
  std::uint32_t metadata_size;
  std::uint32_t experiments;
  std::uint32_t experiments_size;
};

// The functions of the module. JavaScript sees the parameters by their names here.
#ifdef __wasm__
// Plain exports: what JavaScript calls needs no glue. embind in their place takes 10 KB more after
// brotli.
#define VITRINE_EXPORT(name) extern "C" __attribute__((export_name(#name)))
#else
#define VITRINE_EXPORT(name)
#endif

/// Address of `size` bytes to put the bundle into. Forgets an open bundle.
VITRINE_EXPORT(reserveBundle) std::uintptr_t reserveBundle(std::uint32_t size);
/// Opens what was put there. `verified`: the page has compared its SHA-256, and the hash in the
/// file is passed over. Returns a Status; 0 is ok.
VITRINE_EXPORT(open) std::uint32_t open(bool verified);
/// Address of `size` bytes to put an overlay into.
VITRINE_EXPORT(reserveOverlay) std::uintptr_t reserveOverlay(std::uint32_t size);
/// Takes what was put there in the place of the overlay before. Returns a Status; when it is not ok
/// nothing has changed. Forgets the history: numbers of items may be others.
VITRINE_EXPORT(apply) std::uint32_t apply();

/// Address of an input buffer of at least `words`. May move both buffers.
VITRINE_EXPORT(input) std::uintptr_t input(std::uint32_t words);

// The calls below need an open bundle.

/// Returns the address of Facts.
VITRINE_EXPORT(facts) std::uintptr_t facts();
/// Looks `count` UTF-8 strings up in a Table: input holds their `count` lengths in bytes, then the
/// bytes. Returns the address of an index each, or kUnknown.
VITRINE_EXPORT(find) std::uintptr_t find(std::uint32_t table, std::uint32_t count);
/// Returns the address of the length in bytes of the UTF-8 id of `item`, then the id.
VITRINE_EXPORT(id) std::uintptr_t id(std::uint32_t item);

/// Forgets the history.
VITRINE_EXPORT(clear) void clear();
/// Adds to the history. `kind`: an EventKind. Nothing happens when either is out of range.
VITRINE_EXPORT(record) void record(std::uint32_t item, std::uint32_t kind, bool startsSession);
/// Rules and arrangement of the lists that follow, until the next call; with 0 `words` there are
/// none. Input: lambda (f32), items per category and per brand, kind of exploration, its strength
/// (f32), the seed's low and high word, the count of pins, place and item of each; the count of
/// rules, and of each factor, lowest and highest price (f32), the counts of items (rising),
/// categories and brands, then these.
VITRINE_EXPORT(plan) void plan(std::uint32_t words);
/// One list. Input: `categories`, `brands`, `excluded`, `given` and `shown` index lists one after
/// the other; `shown` are the categories that the page shows, `landing` the item and `market`
/// where the shopper is, or kUnknown. `mode`: a Mode. `flags`: 1 available only, 2 exclude seen, 4
/// explain, 8 the session is over. Without a limit, maxPrice is infinite. Returns how many
/// recommendations there are.
VITRINE_EXPORT(list)
std::uint32_t list(std::uint32_t mode, std::uint32_t limit, std::uint32_t flags, float minPrice,
                   float maxPrice, std::uint32_t categories, std::uint32_t brands,
                   std::uint32_t excluded, std::uint32_t given, std::uint32_t shown,
                   std::uint32_t landing, std::uint32_t market);
/// Address of the Ranked that the last list() left behind.
VITRINE_EXPORT(ranked) std::uintptr_t ranked();

/// `slot`: where in the table js/src/ranking/wasm_exports.ts has put a DotScan. Returns whether it
/// is used.
VITRINE_EXPORT(useRelaxedScan) bool useRelaxedScan(std::uintptr_t slot);

}  // namespace vitrine::abi
