#pragma once

#include <algorithm>
#include <functional>

namespace vitrine {

/// Sorts by a heap: O(n log n), and in wasm an eighth of the code of std::sort, of which each kind
/// of element gets a copy. For short lists that are not in a hot path. Elements that `before` holds
/// for equal come in any order.
template <class List, class Before = std::less<>>
void heap_sort(List& list, Before before = {}) {
  std::partial_sort(list.begin(), list.end(), list.end(), before);
}

}  // namespace vitrine
