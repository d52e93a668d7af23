#include "bundle/row_writer.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "cli/error.h"

namespace vitrine::train {
namespace {

/// Rounds weights to few levels, each the same factor above the one before, which together span
/// nearly all weights: lists are as good as with the weights themselves while that factor is below
/// 1.5. Where 16 levels can hold all weights as they are, they do.
class Levels {
 public:
  explicit Levels(const std::vector<SessionEntry>& entries) {
    std::set<float> distinct;
    for (std::size_t i = 0; i < entries.size() && distinct.size() <= layout::kLevels; ++i) {
      distinct.insert(entries[i].weight);
    }
    if (distinct.size() <= layout::kLevels) {
      std::copy(distinct.begin(), distinct.end(), values_.begin());
      exact_ = distinct.size();
      return;
    }
    std::vector<float> weights;
    weights.reserve(entries.size());
    for (const SessionEntry& entry : entries) weights.push_back(entry.weight);
    // All but one in fifty.
    const auto low = weights.begin() + static_cast<std::ptrdiff_t>(weights.size() / 50);
    std::nth_element(weights.begin(), low, weights.end());
    largest_ = static_cast<double>(*std::max_element(low, weights.end()));
    step_ = std::max(1e-3, std::log(largest_ / static_cast<double>(*low)) / layout::kLevels);
    std::array<double, layout::kLevels> sums{};
    std::array<double, layout::kLevels> counts{};
    for (const SessionEntry& entry : entries) {
      const std::uint32_t level = of(entry.weight);
      sums[level] += static_cast<double>(entry.weight);
      counts[level] += 1.0;
    }
    for (std::size_t i = 0; i < layout::kLevels; ++i) {
      if (counts[i] > 0.0) values_[i] = static_cast<float>(sums[i] / counts[i]);
    }
  }

  [[nodiscard]] std::uint32_t of(float weight) const {
    if (exact_ > 0) {
      const auto end = values_.begin() + static_cast<std::ptrdiff_t>(exact_);
      return static_cast<std::uint32_t>(std::lower_bound(values_.begin(), end, weight) -
                                        values_.begin());
    }
    const double below = std::log(largest_ / static_cast<double>(weight)) / step_;
    constexpr auto kLast = static_cast<double>(layout::kLevels - 1);
    return static_cast<std::uint32_t>(kLast - std::min(kLast, std::floor(below)));
  }
  [[nodiscard]] const std::array<float, layout::kLevels>& values() const { return values_; }

 private:
  std::array<float, layout::kLevels> values_{};  // rising
  std::size_t exact_ = 0;                        // how many, when they are the weights themselves
  double largest_ = 0.0;
  double step_ = 0.0;
};

void append_entry(std::vector<std::byte>& out, std::uint32_t gap, std::uint32_t level) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<std::byte>(byte)); };
  if (gap < layout::kShortGaps) return put(gap << 4U | level);
  if (gap < layout::kLongGap) {
    const std::uint32_t over = gap - layout::kShortGaps;
    put((layout::kShortGaps + over / 256) << 4U | level);
    return put(over % 256);
  }
  put(15U << 4U | level);
  std::uint32_t rest = gap - layout::kLongGap;
  for (; rest >= 0x80; rest >>= 7U) put((rest & 0x7FU) | 0x80U);
  put(rest);
}

}  // namespace

RowSections write_rows(const std::vector<SessionEntry>& entries, std::size_t item_count) {
  const Levels levels(entries);
  RowSections rows{.lengths = std::vector<std::byte>(4 * item_count), .levels = levels.values()};
  const auto set_length = [&](std::size_t index, std::size_t length) {
    if (length > 0xFFFF) {
      throw Error(ExitCode::kFailure,
                  "A session row has over 65,535 entries; lower the number of sources.");
    }
    rows.lengths[index] = static_cast<std::byte>(length & 0xFFU);
    rows.lengths[2 * item_count + index] = static_cast<std::byte>(length >> 8U);
  };
  for (std::size_t begin = 0; begin < entries.size();) {
    const std::uint32_t source = entries[begin].source;
    std::size_t middle = begin;
    while (middle < entries.size() && entries[middle].source == source &&
           entries[middle].target < source) {
      ++middle;
    }
    std::size_t end = middle;
    std::uint32_t next = source;
    for (; end < entries.size() && entries[end].source == source; ++end) {
      append_entry(rows.entries, entries[end].target - next, levels.of(entries[end].weight));
      next = entries[end].target + 1;
    }
    next = source;
    for (std::size_t e = middle; e-- > begin;) {
      append_entry(rows.entries, next - 1 - entries[e].target, levels.of(entries[e].weight));
      next = entries[e].target;
    }
    set_length(source, end - middle);
    set_length(item_count + source, middle - begin);
    begin = end;
  }
  const auto high = rows.lengths.begin() + static_cast<std::ptrdiff_t>(2 * item_count);
  const bool short_rows =
      std::all_of(high, rows.lengths.end(), [](std::byte byte) { return byte == std::byte{0}; });
  if (short_rows) rows.lengths.erase(high, rows.lengths.end());
  return rows;
}

}  // namespace vitrine::train
