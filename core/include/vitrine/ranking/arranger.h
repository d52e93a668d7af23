#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/ranker.h"
#include "vitrine/split_mix.h"

namespace vitrine {

/// Avoids lists of similar items.
struct Diversity {
  /// Lambda of maximal marginal relevance (Carbonell, Goldstein: The Use of MMR, SIGIR 1998): each
  /// place takes the item with the largest lambda * score / best score - (1 - lambda) * its
  /// similarity to the most similar item before it. 1: the scores alone.
  float relevance = 1.0F;
  std::uint32_t per_category = 0;  // items of one category at most; 0: any number
  std::uint32_t per_brand = 0;     // items of one brand at most; 0: any number
};

enum class Exploration : std::uint32_t {
  kNone = 0,
  /// With probability `strength` a place takes any candidate, each as likely; else the best.
  kEpsilon = 1,
  /// Plackett-Luce (Plackett: The Analysis of Permutations, 1975): a place takes a candidate with a
  /// probability proportional to (score / best score) to the power of `strength`, a whole number
  /// up to kMaxPower.
  kPlackettLuce = 2,
};

/// An item with a fixed place, from 0, if it may be shown.
struct Pin {
  std::uint32_t place = 0;
  std::uint32_t item = 0;
};

/// The changes of a ranking before it is shown: rules for diversity, exploration and pins.
struct Plan {
  Diversity diversity;
  Exploration exploration = Exploration::kNone;
  float strength = 0.0F;
  std::uint64_t seed = 0;     // the same seed and session give the same list
  std::span<const Pin> pins;  // rising by place; items must be below item_count
};

/// A higher power gives the best order nearly always.
inline constexpr std::size_t kMaxPower = 32;

/// A page that has more pins than this has a mistake.
inline constexpr std::size_t kMaxPins = 16;

/// Turns rankings into lists with pins, diversity and exploration. Each place is filled from the
/// best remaining candidates: at least 100, and five for each place. Limits for categories and
/// brands are ignored when no other candidate is left, so that the list is as long as requested.
class Arranger final : private ListMaker {
 public:
  /// `bundle` must outlive this. Allocates about 100 KB.
  explicit Arranger(const Bundle& bundle);

  /// As Ranker::rank, or as Ranker::rerank where `given` is not empty, then arranged. Writes the
  /// propensity of each place: the probability of its item, given the items before it. Beyond
  /// kPlaces the scores alone decide. Allocates when a list is longer than any before. Where
  /// relevance is below 1, a candidate is compared with the places before only while it could win
  /// the next; with exploration always.
  std::size_t arrange(Ranker& ranker, const RankRequest& request,
                      std::span<const std::uint32_t> given, const Plan& plan,
                      std::span<Ranked> out);

  static constexpr std::size_t kPlaces = 100;

 private:
  /// One of ranked_, at the same place.
  struct Candidate {
    float relevance;         // score / best score
    float similarity;        // to the most similar of the first `compared` places, at least 0
    float norm;              // of its embedding's codes, once compared
    std::uint32_t compared;  // places
    bool taken;              // is in the list, or pinned
  };

  void find_pins(Ranker& ranker, const RankRequest& request, std::span<const std::uint32_t> given);
  std::span<Ranked> make_list(std::span<const Ranked> ranked) override;
  [[nodiscard]] bool is_pinned(std::uint32_t item) const;
  bool choose_one(bool caps);
  void place(const Ranked& ranked);
  [[nodiscard]] bool is_capped(std::uint32_t item) const;
  float value(Candidate& candidate, std::uint32_t item, float least) const;
  [[nodiscard]] float norm(std::uint32_t item) const;
  [[nodiscard]] float similarity(std::uint32_t item, float norm, std::size_t place) const;

  const Bundle* bundle_;
  std::vector<Ranked> pool_;
  std::unique_ptr<Candidate[]> room_;  // for candidates
  std::unique_ptr<double[]> weights_;  // by candidate

  // Of the list that is made.
  const Plan* plan_ = nullptr;
  SplitMix random_{0};
  std::array<Pin, kMaxPins> pins_;  // those that may be shown
  std::array<Ranked, kMaxPins> pinned_;
  std::size_t pin_count_ = 0;
  std::span<const Ranked> ranked_;
  std::span<Candidate> candidates_;
  std::span<Ranked> out_;
  std::size_t count_ = 0;             // places that are filled
  std::size_t left_ = 0;              // candidates that are not taken
  std::array<float, kPlaces> norms_;  // of the places
};

}  // namespace vitrine
