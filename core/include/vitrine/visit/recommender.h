#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/arranger.h"
#include "vitrine/ranking/filter.h"
#include "vitrine/ranking/ranker.h"
#include "vitrine/ranking/rules.h"
#include "vitrine/visit/context.h"
#include "vitrine/visit/shopper.h"

namespace vitrine {

/// The kinds of lists. JavaScript sends these numbers.
enum class ListMode : std::uint32_t {
  kRecommend = 0,  // the best items for the shopper
  kRerank = 1,     // the given items, the best for the shopper first
  kSimilar = 2,    // items like the given one
  kPopular = 3,    // the most popular items
};

/// One list that a page asks for. Item, category and brand numbers are those of the bundle; unknown
/// ones match nothing.
struct ListRequest {
  ListMode mode = ListMode::kRecommend;
  std::size_t limit = 12;                  // places at most
  std::int64_t now = 0;                    // milliseconds, by the clock of the shopper's events
  std::span<const std::uint32_t> given;    // kRerank: the items; kSimilar: the one item
  std::span<const std::uint32_t> exclude;  // items that are never shown
  Filter filter;
  Context context;  // counts in kRecommend and kRerank, while the shopper has no history
  std::span<const Rule> rules;           // at most kMaxRules
  const Plan* plan = nullptr;            // null: the list is the ranking
  const layout::Blend* blend = nullptr;  // of kRecommend and kRerank; null: the bundle's own
  bool exclude_seen = false;             // leave out what the running session has had
  bool explain = false;                  // fill in reasons

  /// The list that a page gets without any options. A page may show what it has re-ranked even
  /// where it is sold out, and recommends nothing that the session has had.
  [[nodiscard]] static ListRequest of(ListMode mode);
};

/// Answers visits over one bundle: it turns a shopper's history, the time, the context and the
/// wishes of a page into a list. The page, the command, evaluation and replay all ask here. Holds
/// the working memory of Ranker and Arranger; one Recommender per thread, for any number of
/// shoppers.
class Recommender {
 public:
  /// `bundle` must outlive this, and have taken its overlay before. Allocates what Ranker does.
  explicit Recommender(const Bundle& bundle);

  /// The list, best first, with at most request.limit places; empty where the item of kSimilar is
  /// not in the bundle. It holds until the next call. The items of `shopper` must be below
  /// item_count. Allocates where a list is longer than any before, and for the first list with a
  /// plan.
  [[nodiscard]] std::span<const Ranked> list(const Shopper& shopper, const ListRequest& request);

 private:
  [[nodiscard]] RankRequest ranking(const Shopper& shopper, const ListRequest& request);
  [[nodiscard]] std::span<const std::uint32_t> exclude_seen(const Shopper& shopper,
                                                            const ListRequest& request);

  const Bundle* bundle_;
  Ranker ranker_;
  std::optional<Arranger> arranger_;  // made for the first plan
  std::vector<Ranked> places_;

  // Memory that a RankRequest looks into.
  FirstVisit first_visit_;
  SessionEvent seed_;
  std::vector<std::uint32_t> excluded_;
};

}  // namespace vitrine
