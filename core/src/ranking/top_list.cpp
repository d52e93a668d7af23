#include "vitrine/ranking/top_list.h"

namespace vitrine {

void TopList::push(ScoredItem candidate) {
  if (!full()) {
    items_.push_back(candidate);
    if (full()) heapify();
  } else if (before(candidate, worst())) {
    sink(0, candidate, items_.size());
  }
}

/// A heap sort: std::sort takes ten times as many bytes. The item that has to find its place comes
/// from a leaf and belongs near one, so it is compared on the way up from there alone (Wegener,
/// "Bottom-up-heapsort", 1993).
void TopList::sort() {
  heapify();
  for (std::size_t left = items_.size(); left-- > 1;) {
    const ScoredItem last = items_[left];
    items_[left] = worst();
    std::size_t place = 0;
    for (std::size_t child = 1; child < left; child = 2 * place + 1) {
      if (child + 1 < left && before(items_[child], items_[child + 1])) ++child;
      items_[place] = items_[child];
      place = child;
    }
    while (place > 0) {
      const std::size_t parent = (place - 1) / 2;
      if (!before(items_[parent], last)) break;
      items_[place] = items_[parent];
      place = parent;
    }
    items_[place] = last;
  }
}

void TopList::heapify() {
  for (std::size_t place = items_.size() / 2; place-- > 0;) {
    sink(place, items_[place], items_.size());
  }
}

/// Puts the candidate at `place` of the heap of `size` or below it, where worse ones come up. (The
/// standard library replaces the top of a heap in two steps, each as long.)
void TopList::sink(std::size_t place, ScoredItem candidate, std::size_t size) {
  for (std::size_t child = 2 * place + 1; child < size; child = 2 * place + 1) {
    if (child + 1 < size && before(items_[child], items_[child + 1])) ++child;
    if (!before(candidate, items_[child])) break;
    items_[place] = items_[child];
    place = child;
  }
  items_[place] = candidate;
}

}  // namespace vitrine
