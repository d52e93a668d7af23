#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/ranker.h"

namespace vitrine::recommend {

/// Classes of items by popularity. The best-known items that together have 20 % of all events are
/// the head; the least-known items that together have 20 % are the tail. Events are counted as for
/// the bundle's popularity: recent events and purchases count more.
enum class PopularityClass : std::uint8_t { kHead, kMid, kTail, kUnknown };
inline constexpr double kHeadShare = 0.2;
inline constexpr double kTailShare = 0.2;

/// The data that decides whether two items of a list are different.
enum class DiversityBy { kCatalogue, kEmbeddings, kSessionRows };
[[nodiscard]] std::string_view words(DiversityBy by);

/// Measures properties of lists other than hits, such as novelty and diversity. Lists of different
/// models can be compared only when the same `reference` bundle measures them, which is the
/// evaluated model. An item that `reference` does not have counts as rare as its rarest item, and
/// as different from all items.
class ListMetrics {
 public:
  /// Measures lists that contain item numbers of `ranked`. `reference` must outlive this object.
  /// O(items).
  ListMetrics(const Bundle& ranked, const Bundle& reference);

  /// Returns -log2 of the item's share of all events, in bits (Zhou et al., PNAS 2010).
  [[nodiscard]] double self_information(std::uint32_t item) const { return bits_[of(item)]; }
  [[nodiscard]] PopularityClass popularity_class(std::uint32_t item) const {
    const std::uint32_t known = of(item);
    if (known == missing_) return PopularityClass::kUnknown;
    return known < head_   ? PopularityClass::kHead
           : known < tail_ ? PopularityClass::kMid
                           : PopularityClass::kTail;
  }
  /// The number of items in the head.
  [[nodiscard]] std::size_t head_size() const { return head_; }

  /// Returns the mean dissimilarity of the pairs of a list, 0 to 1 (Ziegler et al., WWW 2005), or 0
  /// for fewer than two items. With a catalogue it is the mean of two values, if the catalogue has
  /// both: the share of pairs of different category and the share of pairs of different brand.
  /// Else, with embeddings, it is 1 - cosine. Else it is the share of pairs of the first 20 items
  /// in which neither item's session row contains the other item.
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
  std::uint32_t missing_;  // number of the item that replaces items missing in `reference`
  std::vector<std::uint32_t> numbers_;  // item numbers in `reference`; empty: the same numbers
  std::vector<double> bits_;            // [items + 1]
  std::vector<float> unit_;             // [items], 1 / length of the codes
  std::uint32_t head_ = 0;              // the first item after the head
  std::uint32_t tail_ = 0;              // the first item of the tail
  DiversityBy by_ = DiversityBy::kSessionRows;
};

/// Returns the Gini coefficient of `shown` (the number of times each item was shown): 0 when all
/// items are shown equally often, near 1 when few items take all places.
[[nodiscard]] double gini(std::vector<std::uint32_t> shown);

/// Returns the Lorenz curve: entry i is the share of all places that the i / (points - 1) least
/// shown part of the items has. Precondition: points >= 2, and `shown` is not empty.
[[nodiscard]] std::vector<double> lorenz_curve(std::vector<std::uint32_t> shown,
                                               std::size_t points);

}  // namespace vitrine::recommend
