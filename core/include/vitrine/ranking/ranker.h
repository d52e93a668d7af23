#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "vitrine/format/bundle.h"
#include "vitrine/ranking/explainer.h"
#include "vitrine/ranking/item_groups.h"
#include "vitrine/ranking/partitions.h"
#include "vitrine/ranking/rank_request.h"
#include "vitrine/ranking/score_board.h"
#include "vitrine/ranking/shortlist.h"
#include "vitrine/ranking/signals/registry.h"

namespace vitrine {

/// Makes a list of a ranking before it is explained.
class ListMaker {
 public:
  /// `ranked` is in order, best first. Returns the list, which is in the maker's memory.
  virtual std::span<Ranked> make_list(std::span<const Ranked> ranked) = 0;

 protected:
  ~ListMaker() = default;
};

/// Ranks the items of one bundle: finds the items with the largest sum of all signals. Holds the
/// working memory, so that a ranking allocates only when it is asked for a longer list than any
/// before, or is the first that popularity fills up or with a filter by category or by brand; one
/// Ranker per thread. Order is total: higher score first, then the more popular item, then the
/// lower item number.
///
/// An item that an overlay added scores, times their shares, what the known items score that are
/// like it, and its own popularity. As an event it speaks with their session rows, and with the
/// most alike one's embedding and sampled sessions.
class Ranker {
 public:
  /// `bundle` must outlive this object, and must have taken its overlay before. Allocates about 10
  /// bytes an item, and the memory of NeighbourScorer.
  explicit Ranker(const Bundle& bundle);

  /// Ranks the best out.size() items that pass. Returns their number, which is smaller only when
  /// fewer items are eligible. With a `maker`, its list is the one that is explained.
  std::size_t rank(const RankRequest& request, std::span<Ranked> out, ListMaker* maker = nullptr);

  /// Orders `items` by the same scores. Items that are out of range, excluded, filtered or repeated
  /// are left out. Precondition: out has room for items.size() items, or for all items.
  std::size_t rerank(std::span<const std::uint32_t> items, const RankRequest& request,
                     std::span<Ranked> out, ListMaker* maker = nullptr);

  /// Items like `item`, without it, by the bundle's blend for similar items. Of `request` only the
  /// filter, `exclude`, `rules` and `explain` count. Where the bundle has partitions only the
  /// nearest are compared, more of them the farther away the list has to reach: a few near items
  /// may be missed, the list is not shorter for it. Precondition: item < item_count.
  std::size_t similar(std::uint32_t item, const RankRequest& request, std::span<Ranked> out);

 private:
  void prepare(const RankRequest& request);
  void score_added();
  [[nodiscard]] float total(std::uint32_t item, float embedded) const;
  [[nodiscard]] float least_preference(float popularity) const;
  void rank_embedded(const RankRequest& request, std::size_t limit);
  [[nodiscard]] bool rank_few(const Filter& filter);
  void scan(std::uint32_t first, std::uint32_t count);
  void search(const Filter& filter);
  void rank_untouched(const Filter& filter, bool searched);
  std::size_t finish(const RankRequest& request, std::span<Ranked> out, ListMaker* maker);

  const Bundle* bundle_;
  Signals signals_;
  ScoreBoard board_;  // what sparse signals say; scores of dense ones are added on reading
  PartitionSearch partitions_;
  ItemGroups groups_;
  Shortlist shortlist_;
  Explainer explainer_;
};

}  // namespace vitrine
