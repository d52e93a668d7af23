#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/ranker.h"

namespace vitrine::recommend {

/// By share of events: the best-known items that together make 20 % of all events are the head, the
/// least-known that make the last 20 % the tail. Events as the bundle's popularity counts them:
/// recent ones and purchases more.
enum class PopularityClass : std::uint8_t { kHead, kMid, kTail, kUnknown };
inline constexpr double kHeadShare = 0.2;
inline constexpr double kTailShare = 0.2;

/// What makes two items of a list different.
enum class DiversityBy { kCatalogue, kEmbeddings, kSessionRows };
[[nodiscard]] std::string_view words(DiversityBy by);

/// Measures lists beyond whether they hit. Lists of different models compare only by one yardstick:
/// `reference`, the model judged. An item that it does not have is as rare as its rarest, and like
/// no other.
class Yardstick {
 public:
  /// For lists in the item numbers of `ranked`. `reference` must outlive this. O(items).
  Yardstick(const Bundle& ranked, const Bundle& reference);

  /// -log2 of the item's share of all events, in bits (Zhou et al., PNAS 2010).
  [[nodiscard]] double self_information(std::uint32_t item) const { return bits_[of(item)]; }
  [[nodiscard]] PopularityClass popularity_class(std::uint32_t item) const {
    const std::uint32_t known = of(item);
    if (known == missing_) return PopularityClass::kUnknown;
    return known < head_   ? PopularityClass::kHead
           : known < tail_ ? PopularityClass::kMid
                           : PopularityClass::kTail;
  }
  /// Items of the head.
  [[nodiscard]] std::size_t head_size() const { return head_; }

  /// Mean dissimilarity of the pairs of a list, 0 to 1 (Ziegler et al., WWW 2005); 0 for fewer than
  /// two items. With a catalogue: the share of pairs of different category, and of different brand,
  /// averaged over those of the two that it has. Else, with embeddings: 1 - cosine. Else: the share
  /// of pairs of the first 20 items of which neither's session row names the other.
  [[nodiscard]] double diversity(std::span<const Ranked> list) const;
  [[nodiscard]] DiversityBy diversity_by() const { return by_; }

 private:
  [[nodiscard]] std::uint32_t of(std::uint32_t item) const {
    return numbers_.empty() ? item : numbers_[item];
  }
  [[nodiscard]] double by_catalogue(std::span<const Ranked> list) const;
  [[nodiscard]] double by_embeddings(std::span<const Ranked> list) const;
  [[nodiscard]] double by_session_rows(std::span<const Ranked> list) const;

  const Bundle* reference_;
  std::uint32_t missing_;               // the number that stands for items it does not have
  std::vector<std::uint32_t> numbers_;  // in `reference`, by item of `ranked`; empty: the same
  std::vector<double> bits_;            // [items + 1]
  std::vector<float> unit_;             // [items], 1 / length of the codes
  std::uint32_t head_ = 0;              // the first item after the head
  std::uint32_t tail_ = 0;              // the first item of the tail
  DiversityBy by_ = DiversityBy::kSessionRows;
};

/// How evenly `shown` (showings by item) is spread: 0 when all items are shown as often, near 1
/// when few take all.
[[nodiscard]] double gini(std::vector<std::uint32_t> shown);

/// The Lorenz curve: entry i is the share of showings of the i/(points - 1) of the items that are
/// shown least. Precondition: points >= 2, shown is not empty.
[[nodiscard]] std::vector<double> lorenz_curve(std::vector<std::uint32_t> shown,
                                               std::size_t points);

}  // namespace vitrine::recommend
