#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/score_board.h"
#include "vitrine/ranking/session.h"

namespace vitrine {

/// Past sessions like the shopper's vote for their items: VMIS-kNN (Kersbergen, Sprangers,
/// Schelter: Serenade, SIGMOD 2022, algorithm 2). Changed: events count by their kind too, the
/// weight of a match does not turn negative in long sessions, and votes are shares in [0, 1]; none
/// of it changes the order for short sessions of one kind. Memory is taken once, in the
/// constructor.
class NeighbourScorer {
 public:
  /// `sample` must outlive this. Allocates 4 bytes an item, 28 for each session compared
  /// and 24 for each neighbour.
  NeighbourScorer(const SessionSample& sample, const layout::NeighbourSettings& settings);

  /// Finds the neighbours of a shopper: of the latest settings.sessions sessions that share one of
  /// the last settings.events events' items, the settings.neighbours most similar, of equal ones
  /// the later. Similarity is the sum over shared items of the weight of their latest event: its
  /// place counted from the oldest one, times kind_weights[kind]. Events of weight 0 do not count.
  /// O(settings.sessions * settings.events).
  void find(std::span<const SessionEvent> history,
            std::span<const float, kEventKinds> kind_weights);

  /// The distinct items that the last find started from, latest first.
  [[nodiscard]] std::span<const Source> sources() const { return {sources_.data(), source_count_}; }

  /// Adds weight * vote to every item of a neighbour: the share of the neighbours that have the
  /// item, each counted by its similarity, times the weight of its match (which falls with the
  /// place of the latest shared event), times the item's rarity. In [0, 1]. O(items of the
  /// neighbours).
  void add_votes(float weight, ScoreBoard& scores) const;

  /// Computes the part of each source in the vote for `item`: out[s]. The parts add up to the vote.
  /// O(sessions with the item + neighbours), and for each neighbour with the item O(its items *
  /// sources). Precondition: out has room for sources().size() values.
  void explain(std::uint32_t item, std::span<float> out) const;

 private:
  /// A session that shares an item.
  struct Match {
    std::uint32_t session;
    float similarity;
    std::uint32_t latest;  // of the sources that it shares
  };
  struct Neighbour {
    std::uint32_t session;
    std::uint32_t begin;  // its entries in the sample
    std::uint32_t end;
    std::uint32_t latest;
    float similarity;
    float match;  // weight of the latest shared event
  };

  void compare();
  void keep_most_similar();
  [[nodiscard]] std::span<const Neighbour> neighbours() const {
    return {neighbours_.data(), neighbour_count_};
  }
  [[nodiscard]] bool has(const Neighbour& neighbour, std::uint32_t item) const;

  const SessionSample* sample_;
  layout::NeighbourSettings settings_;
  std::vector<float> rarity_;  // [n]
  std::array<Source, Session::kCapacity> sources_{};
  std::array<std::uint32_t, Session::kCapacity>
      places_{};  // of the sources, in events from the end
  std::size_t source_count_ = 0;
  std::vector<Match> matches_;  // latest first, of which match_count_ count
  std::vector<Match> merged_;   // working memory of compare
  std::size_t match_count_ = 0;
  std::vector<std::uint32_t> similarities_;  // working memory of keep_most_similar
  std::vector<Neighbour> neighbours_;        // latest first, of which neighbour_count_ count
  std::size_t neighbour_count_ = 0;
  float total_ = 0.0F;  // similarity of all neighbours
};

}  // namespace vitrine
