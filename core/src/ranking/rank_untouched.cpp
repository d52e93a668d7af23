#include "vitrine/ranking/ranker.h"

namespace vitrine {

/// What no row touched has its popularity alone, which never rises on the way: the walk may stop
/// once an item cannot enter the list. What a search passed by counts as unlike until it turns up
/// here.
void Ranker::rank_untouched(const RankRequest& request, std::size_t limit, bool searched) {
  if (heap_.size() == limit && lift_ * request.blend.popularity < heap_.front().score) return;
  std::span<ItemGroups::List> lists = groups_.find(request.filter);
  bool beyond_head = lists.empty();
  ItemGroups::List all;
  if (beyond_head) {
    all = groups_.head();
    lists = {&all, 1};
  }
  for (std::size_t place = 0;;) {
    bool more = false;
    // The first of every list, then the second: what raises the bar comes early.
    for (ItemGroups::List& items : lists) {
      if (place >= items.size()) continue;
      more = true;
      const std::uint32_t item = items[place];
      if (board_[item] != 0.0F || (searched && partitions_.visited(item))) continue;
      Candidate candidate{item, total(request, item, 0.0F)};
      if (heap_.size() == limit && !before({item, lift_ * candidate.score}, heap_.front())) {
        items = {};
        beyond_head = false;
        continue;
      }
      if (searched) candidate.score = total(request, item, preference(item));
      consider(request, candidate, limit);
    }
    if (more) {
      ++place;
    } else if (beyond_head) {  // so little passes that the best-known items do not fill the list
      beyond_head = false;
      all = groups_.all();
    } else {
      return;
    }
  }
}

}  // namespace vitrine
