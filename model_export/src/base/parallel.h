#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace vitrine::base {

/// Runs body(begin, end) over [0, count) in blocks of `block` on `threads` threads. The assignment
/// of blocks to threads is random, so a body must write only to its own indices. Then the result
/// does not depend on the number of threads. `body` must not throw.
template <typename Body>
void parallel_for(std::size_t count, std::size_t block, unsigned threads, const Body& body) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (;;) {
      const std::size_t begin = next.fetch_add(block);
      if (begin >= count) return;
      body(begin, std::min(count, begin + block));
    }
  };
  std::vector<std::jthread> helpers;
  try {
    for (unsigned i = 1; i < threads && std::size_t{i} * block < count; ++i) {
      helpers.emplace_back(work);
    }
  } catch (const std::system_error&) {
    // The system allows no more threads: those that there are do the work.
  }
  work();
}

}  // namespace vitrine::base
