#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

namespace vitrine {

/// The cause of a part of a score: one of the signals, or one of the two other causes. Numbers
/// are stable: they stand in bundles as tags of weights, and cross the wasm boundary. None is used
/// again for something else.
enum class ReasonKind : std::uint32_t {
  kSessionRow = 0,  // a signal: shoppers went on from an item to this one
  kEmbedding = 1,   // a signal: this one lies near an item in embedding space
  kPopularity = 2,  // a signal: much seen of late
  kOther = 3,       // the rest of a score, beside the largest parts
  kNeighbours = 4,  // a signal: shoppers whose sessions had an item had this one too
  kRule = 5,        // what a rule adds or, below 0, takes
  kTrending = 6,    // a signal: seen more of late than it used to be
};

namespace layout {

/// The weight of each signal in a score. Finite, not negative.
struct Blend {
  float session_rows = 0.0F;
  float embeddings = 0.0F;
  float popularity = 0.0F;
  float neighbours = 0.0F;
  float trending = 0.0F;
};

/// A ranking signal, as bundles, configurations and reasons name it.
struct Signal {  // NOLINT(clang-analyzer-optin.performance.Padding): there are five
  ReasonKind kind;
  std::string_view reason;  // the name of the reasons that it gives
  std::string_view weight;  // the name of its weight in configurations
  std::size_t offset;       // of its weight in Blend
  bool names_item;          // whether its reasons name the item that they start from
};

/// All signals. A new one is a line here, a weight in Blend, and a class in the list of
/// ranking/signals/registry.h.
inline constexpr Signal kSignals[] = {
    {ReasonKind::kSessionRow, "session", "session_rows", offsetof(Blend, session_rows), true},
    {ReasonKind::kEmbedding, "embedding", "embeddings", offsetof(Blend, embeddings), true},
    {ReasonKind::kPopularity, "popularity", "popularity", offsetof(Blend, popularity), false},
    {ReasonKind::kNeighbours, "neighbours", "neighbours", offsetof(Blend, neighbours), true},
    {ReasonKind::kTrending, "trending", "trending", offsetof(Blend, trending), false},
};
static_assert(sizeof(Blend) == std::size(kSignals) * sizeof(float), "every weight has a signal");

/// The weight of a signal in a blend.
inline float& weight_of(Blend& blend, const Signal& signal) {
  return *reinterpret_cast<float*>(reinterpret_cast<std::byte*>(&blend) + signal.offset);
}
inline float weight_of(const Blend& blend, const Signal& signal) {
  return *reinterpret_cast<const float*>(reinterpret_cast<const std::byte*>(&blend) +
                                         signal.offset);
}

/// The names of all kinds of reasons, by number.
inline constexpr auto kReasonNames = [] {
  std::array<std::string_view, std::size(kSignals) + 2> names;
  names[static_cast<std::size_t>(ReasonKind::kOther)] = "other";
  names[static_cast<std::size_t>(ReasonKind::kRule)] = "rule";
  for (const Signal& signal : kSignals) {
    names[static_cast<std::size_t>(signal.kind)] = signal.reason;
  }
  return names;
}();

/// Returns true when reasons of a kind name the item that they start from.
constexpr bool names_item(ReasonKind kind) {
  for (const Signal& signal : kSignals) {
    if (signal.kind == kind) return signal.names_item;
  }
  return false;
}

}  // namespace layout
}  // namespace vitrine
