#include "bundle/arrangement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "base/parallel.h"

namespace vitrine::bundle {
namespace {

constexpr std::size_t kSmallestPart = 4;
constexpr int kRounds = 20;  // of swaps between two halves; few parts need all of them

using Numbers = std::vector<std::uint32_t>;

/// The items that occur together in rows: for each item its neighbours in both directions, and
/// itself.
struct Graph {
  std::vector<std::size_t> offsets;
  Numbers neighbours;

  Graph(const std::vector<model::SessionEntry>& entries, std::uint32_t item_count)
      : offsets(item_count + std::size_t{1}) {
    std::vector<std::size_t> ends(item_count, 1);
    for (const model::SessionEntry& entry : entries) {
      ++ends[entry.source];
      ++ends[entry.target];
    }
    std::partial_sum(ends.begin(), ends.end(), offsets.begin() + 1);
    neighbours.resize(offsets.back());
    for (std::uint32_t item = 0; item < item_count; ++item) {
      ends[item] = offsets[item];
      neighbours[ends[item]++] = item;
    }
    for (const model::SessionEntry& entry : entries) {
      neighbours[ends[entry.source]++] = entry.target;
      neighbours[ends[entry.target]++] = entry.source;
    }
    // A pair of items that name each other occurs twice.
    std::size_t end = 0;
    for (std::uint32_t item = 0; item < item_count; ++item) {
      const auto first = neighbours.begin() + static_cast<std::ptrdiff_t>(offsets[item]);
      const auto last = neighbours.begin() + static_cast<std::ptrdiff_t>(ends[item]);
      std::sort(first, last);
      offsets[item] = end;
      for (auto at = first; at != last; ++at) {
        if (at == first || *at != *(at - 1)) neighbours[end++] = *at;
      }
    }
    offsets[item_count] = end;
    neighbours.resize(end);
  }

  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t item) const {
    return std::span(neighbours).subspan(offsets[item], offsets[item + 1] - offsets[item]);
  }
};

/// log2 of small numbers, and other constants for the gain of a move.
struct Logarithms {
  static constexpr std::size_t kSize = 4096;
  std::array<float, kSize> log2{};

  Logarithms() {
    for (std::size_t i = 1; i < kSize; ++i) {
      log2[i] = static_cast<float>(std::log2(static_cast<double>(i)));
    }
  }
  [[nodiscard]] float operator()(std::uint32_t count) const {
    return log2[std::min<std::size_t>(count, kSize - 1)];
  }
};

/// Divides a span of items into two halves so that neighbours are in the same half.
class Bisection {
 public:
  Bisection(const Graph& graph, const Logarithms& log2, std::size_t item_count)
      : graph_(graph), log2_(log2), in_(item_count), gain_(item_count) {}

  void operator()(std::span<std::uint32_t> items) {
    const auto left = items.first(items.size() / 2);
    const auto right = items.subspan(items.size() / 2);
    for (const std::uint32_t item : items) {
      for (const std::uint32_t near : graph_.of(item)) in_[near] = {0, 0};
    }
    for (const std::size_t side : {0, 1}) {
      for (const std::uint32_t item : side == 0 ? left : right) {
        for (const std::uint32_t near : graph_.of(item)) ++in_[near][side];
      }
    }
    for (int round = 0; round < kRounds; ++round) {
      rate(left, 0);
      rate(right, 1);
      bool swapped = false;
      for (std::size_t i = 0; i < left.size(); ++i) {
        if (gain_[left[i]] + gain_[right[i]] <= 0.0F) break;
        move(left[i], 0);
        move(right[i], 1);
        std::swap(left[i], right[i]);
        swapped = true;
      }
      if (!swapped) break;
    }
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
  }

 private:
  /// Puts those first that would gain most by changing sides: an estimate of the bits saved when
  /// the gaps between n numbers in a range of m take log2(m / n) each.
  void rate(std::span<std::uint32_t> items, std::size_t side) {
    constexpr float kLog2OfE = 1.44269504F;
    for (const std::uint32_t item : items) {
      float gain = 0.0F;
      for (const std::uint32_t near : graph_.of(item)) {
        const std::uint32_t here = in_[near][side];
        const std::uint32_t there = in_[near][1 - side];
        gain += log2_(there + 2) - log2_(here) - kLog2OfE / static_cast<float>(there + 1);
      }
      gain_[item] = gain;
    }
    std::sort(items.begin(), items.end(), [&](std::uint32_t a, std::uint32_t b) {
      return gain_[a] != gain_[b] ? gain_[a] > gain_[b] : a < b;
    });
  }

  void move(std::uint32_t item, std::size_t side) {
    for (const std::uint32_t near : graph_.of(item)) {
      --in_[near][side];
      ++in_[near][1 - side];
    }
  }

  const Graph& graph_;
  const Logarithms& log2_;
  std::vector<std::array<std::uint32_t, 2>> in_;  // neighbours of an item in each half
  std::vector<float> gain_;
};

}  // namespace

std::vector<std::uint32_t> arrange(const std::vector<model::SessionEntry>& entries,
                                   std::uint32_t item_count, unsigned threads) {
  const Graph graph(entries, item_count);
  const Logarithms log2;
  Numbers order;
  Numbers alone;
  for (std::uint32_t item = 0; item < item_count; ++item) {
    (graph.of(item).size() > 1 ? order : alone).push_back(item);
  }
  // The parts of a level are independent of each other, so each level is done in parallel.
  std::vector<std::pair<std::size_t, std::size_t>> parts{{0, order.size()}};
  while (!parts.empty()) {
    const std::size_t block = std::max<std::size_t>(1, parts.size() / (std::size_t{threads} * 4));
    base::parallel_for(parts.size(), block, threads, [&](std::size_t begin, std::size_t end) {
      Bisection bisect(graph, log2, item_count);
      for (std::size_t p = begin; p < end; ++p) {
        if (parts[p].second >= kSmallestPart) {
          bisect(std::span(order).subspan(parts[p].first, parts[p].second));
        }
      }
    });
    std::vector<std::pair<std::size_t, std::size_t>> halves;
    for (const auto& [first, size] : parts) {
      if (size < kSmallestPart) continue;
      halves.emplace_back(first, size / 2);
      halves.emplace_back(first + size / 2, size - size / 2);
    }
    parts = std::move(halves);
  }
  order.insert(order.end(), alone.begin(), alone.end());
  std::vector<std::uint32_t> numbers(item_count);
  for (std::uint32_t place = 0; place < item_count; ++place) numbers[order[place]] = place;
  return numbers;
}

}  // namespace vitrine::bundle
