#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vitrine/bundle.h"
#include "vitrine/ranker.h"
#include "vitrine/split_mix.h"

namespace vitrine {

/// Keeps a list from showing the same thing many times.
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
  /// probability proportional to (score / best score) to the power of `strength`, a whole number.
  kPlackettLuce = 2,
};

/// An item that stands at a fixed place, from 0, whenever it may be shown.
struct Pin {
  std::uint32_t place = 0;
  std::uint32_t item = 0;
};

/// What is done with a ranking before it is shown.
struct Plan {
  Diversity diversity;
  Exploration exploration = Exploration::kNone;
  float strength = 0.0F;
  std::uint64_t seed = 0;     // the same seed and session give the same list
  std::span<const Pin> pins;  // rising by place; items must be below item_count
};

/// More pins than this are a mistake of the page.
inline constexpr std::size_t kMaxPins = 16;

/// Turns rankings into lists: pins, diversity, exploration. Chooses each place among the best
/// candidates that are left, at least 100 and ten for each place. Caps give way when nothing else
/// is left, so that a list is as long as asked for.
class Arranger {
 public:
  /// `bundle` must outlive this. Allocates 8 bytes an item and about 100 KB.
  explicit Arranger(const Bundle& bundle);

  /// As Ranker::rank, or as Ranker::rerank where `given` is not empty, then arranged. Writes the
  /// propensity of each place: the probability of its item, given the items before it. Beyond
  /// kPlaces the scores alone decide. Allocates as Ranker does. Cost: two rankings, and where
  /// relevance is below 1 a product of embeddings for each candidate and place.
  std::size_t arrange(Ranker& ranker, const RankRequest& request,
                      std::span<const std::uint32_t> given, const Plan& plan,
                      std::span<Ranked> out);

  static constexpr std::size_t kPlaces = 100;

 private:
  static constexpr std::size_t kCandidates = 10 * kPlaces;
  struct Candidate {
    std::uint32_t item;
    float relevance;   // score / best score
    float similarity;  // to the most similar item that was chosen, at least 0
    float norm;        // length of its embedding's codes
    bool taken;
    bool capped;
  };
  struct Choice {
    std::uint32_t item;
    float propensity;
  };

  std::size_t find_pins(Ranker& ranker, const RankRequest& request,
                        std::span<const std::uint32_t> given, const Plan& plan,
                        std::span<Pin, kMaxPins> out);
  void collect(std::span<const Ranked> pool, std::span<const Pin> pins);
  std::size_t choose(const Plan& plan, std::span<const Pin> pins, std::size_t places);
  [[nodiscard]] Choice choose_one(const Plan& plan, bool caps);
  void place(const Plan& plan, std::size_t at, Choice choice);
  [[nodiscard]] float norm(std::uint32_t item) const;
  [[nodiscard]] float similarity(const Candidate& candidate, std::uint32_t item, float norm) const;

  const Bundle* bundle_;
  SplitMix random_{0};
  std::vector<Ranked> pool_;
  std::vector<Candidate> candidates_;
  std::vector<double> weights_;  // by candidate
  std::vector<Choice> chosen_;
  std::vector<std::uint32_t> items_;     // of the list, in order
  std::vector<std::uint32_t> place_of_;  // by item, while a list is put in order
};

}  // namespace vitrine
