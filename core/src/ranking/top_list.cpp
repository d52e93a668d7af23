#include "vitrine/ranking/top_list.h"

#include <algorithm>

namespace vitrine {

void TopList::push(ScoredItem candidate) {
  if (!full()) {
    items_.push_back(candidate);
    if (!full()) return;
    for (std::size_t place = capacity_ / 2; place-- > 0;) sink(place, items_[place]);
  } else if (before(candidate, worst())) {
    sink(0, candidate);
  }
}

void TopList::sort() {
  std::sort(items_.begin(), items_.end(),
            [this](const ScoredItem& a, const ScoredItem& b) { return before(a, b); });
}

/// Puts the candidate at `place` of the heap or below it, where worse ones come up. (The standard
/// library replaces the top of a heap in two steps, each as long.)
void TopList::sink(std::size_t place, ScoredItem candidate) {
  for (std::size_t child = 2 * place + 1; child < items_.size(); child = 2 * place + 1) {
    if (child + 1 < items_.size() && before(items_[child], items_[child + 1])) ++child;
    if (!before(candidate, items_[child])) break;
    items_[place] = items_[child];
    place = child;
  }
  items_[place] = candidate;
}

}  // namespace vitrine
