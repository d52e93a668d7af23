#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "vitrine/format/signals.h"
#include "vitrine/status.h"

namespace vitrine {
namespace layout {

/// The most that NeighbourSettings may ask for.
inline constexpr std::uint32_t kMaxSimilarSessions = 65536;
inline constexpr std::uint32_t kMaxNeighbourEvents = 100;
inline constexpr std::uint32_t kMaxNeighbourReach = 1000;

/// Settings of the comparison of sampled sessions with the shopper's. The names in Kersbergen et
/// al. (SIGMOD 2022) stand in brackets.
struct NeighbourSettings {
  std::uint32_t sessions = 500;    // latest ones that share an item and are compared [m]
  std::uint32_t neighbours = 100;  // most similar ones of these, that vote [k]; at most `sessions`
  std::uint32_t events = 10;       // latest ones of the shopper that count
  std::uint32_t reach = 10;        // events back from the latest to where a match counts least
  float idf = 1.0F;                // how much rarity of an item lifts its votes; [0, 1]
};

/// Chosen in training, needed for ranking. In a bundle these are fields with tags, and one that is
/// not there has the value that stands here: these values are a part of the format.
struct Settings {
  Blend recommend;         // "for you" and re-ranking
  Blend similar;           // "similar to this item"
  float row_decay = 1.0F;  // weight of an event over that of the next one, for session rows; (0, 1]
  float session_decay = 0.0F;  // weight of a session over that of the next one; [0, 1], 0: only
                               // the running one counts
  float opening_decay = 0.0F;  // weight of the last session while the next one has no event;
                               // [0, 1]
  std::uint32_t session_gap = 1800;  // seconds of silence that end a session; 0: it never ends
  float repeat_weight = 0.0F;    // what a session row says of its own item: how likely a shopper
                                 // comes back to it
  float return_weight = 0.0F;    // the same for an item of an earlier session
  float embedding_decay = 1.0F;  // the same for the embedding fold-in; (0, 1]
  float embedding_alpha = 0.0F;  // confidence per unit of weight (Hu, Koren, Volinsky 2008: alpha)
  float kind_weights[6] = {};    // what an event of each EventKind counts; not negative
  NeighbourSettings neighbours;
};

/// A field of the section kSettings: u16 tag, u16 count, then `count` values of 4 bytes, f32 or
/// u32. f32 that are not negative are in the order of their bits, so that both kinds of values have
/// their range as bits: numbers that are negative, infinite or no numbers lie above all of them.
struct SettingField {
  std::uint32_t tag;
  std::uint32_t count;
  std::size_t offset;  // in Settings
  std::uint32_t least;
  std::uint32_t most;
};

/// Tags of weights are the number of the signal after one of these.
inline constexpr std::uint32_t kRecommendTags = 0x100;
inline constexpr std::uint32_t kSimilarTags = 0x200;

namespace internal {

constexpr SettingField number(std::uint32_t tag, std::size_t offset, float least, float most,
                              std::uint32_t count = 1) {
  return {tag, count, offset, std::bit_cast<std::uint32_t>(least),
          std::bit_cast<std::uint32_t>(most)};
}

constexpr SettingField whole(std::uint32_t tag, std::size_t offset, std::uint32_t least,
                             std::uint32_t most) {
  return {tag, 1, offset, least, most};
}

inline constexpr float kLargestWeight = 1e6F;  // keeps all sums far from infinity
inline constexpr float kAboveZero = std::numeric_limits<float>::denorm_min();

inline constexpr SettingField kOtherFields[] = {
    number(1, offsetof(Settings, row_decay), kAboveZero, 1.0F),
    number(2, offsetof(Settings, session_decay), 0.0F, 1.0F),
    number(3, offsetof(Settings, opening_decay), 0.0F, 1.0F),
    whole(4, offsetof(Settings, session_gap), 0, 0xFFFFFFFF),
    number(5, offsetof(Settings, repeat_weight), 0.0F, kLargestWeight),
    number(6, offsetof(Settings, return_weight), 0.0F, kLargestWeight),
    number(7, offsetof(Settings, embedding_decay), kAboveZero, 1.0F),
    number(8, offsetof(Settings, embedding_alpha), 0.0F, kLargestWeight),
    number(9, offsetof(Settings, kind_weights), 0.0F, kLargestWeight, 6),
    whole(10, offsetof(Settings, neighbours.sessions), 1, kMaxSimilarSessions),
    whole(11, offsetof(Settings, neighbours.neighbours), 1, kMaxSimilarSessions),
    whole(12, offsetof(Settings, neighbours.events), 1, kMaxNeighbourEvents),
    whole(13, offsetof(Settings, neighbours.reach), 1, kMaxNeighbourReach),
    number(14, offsetof(Settings, neighbours.idf), 0.0F, 1.0F),
};

}  // namespace internal

/// All fields that this version knows, rising by tag: what reader and writer go by.
inline constexpr auto kSettingFields = [] {
  std::array<SettingField, std::size(internal::kOtherFields) + 2 * std::size(kSignals)> fields;
  std::size_t count = 0;
  for (const SettingField& field : internal::kOtherFields) fields[count++] = field;
  for (const bool similar : {false, true}) {
    const std::size_t blend = similar ? offsetof(Settings, similar) : offsetof(Settings, recommend);
    for (std::size_t place = 0; place < std::size(kSignals); ++place) {
      const auto kind = static_cast<std::uint32_t>(kSignals[place].kind);
      fields[count++] =
          internal::number((similar ? kSimilarTags : kRecommendTags) + kind,
                           blend + kSignals[place].offset, 0.0F, internal::kLargestWeight);
    }
  }
  return fields;
}();

}  // namespace layout

/// Reads the section kSettings into `settings`, which holds the defaults before. Fields of other
/// tags are passed over. Returns kBadSettings when fields are cut off or do not rise by tag, when
/// one has another count of values than its tag says, or a value outside of its range. O(bytes).
[[nodiscard]] Status read_settings(std::span<const std::byte> bytes, layout::Settings& settings);

}  // namespace vitrine
