#include "bundle/row_writer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"

namespace vitrine::bundle {
namespace {

/// Rounds weights to few levels: those with the least squared error of logarithms, where a weight
/// counts by its size, since small ones decide little (Lloyd: Least Squares Quantization in PCM,
/// IEEE Transactions on Information Theory, 1982). Where the levels can hold all weights as they
/// are, they do.
class Levels {
 public:
  explicit Levels(const std::vector<model::SessionEntry>& entries) {
    std::set<float> distinct;
    for (std::size_t i = 0; i < entries.size() && distinct.size() <= layout::kLevels; ++i) {
      distinct.insert(entries[i].weight);
    }
    if (distinct.size() <= layout::kLevels) {
      std::copy(distinct.begin(), distinct.end(), values_.begin());
      for (std::size_t i = 0; i + 1 < layout::kLevels; ++i) {
        bounds_[i] = i + 1 < distinct.size() ? values_[i + 1] : kNever;
      }
      return;
    }
    const std::vector<Bin> bins = histogram(entries);
    const std::array<double, layout::kLevels> centres = lloyd(bins);
    for (std::size_t i = 0; i + 1 < layout::kLevels; ++i) {
      bounds_[i] = static_cast<float>(std::exp((centres[i] + centres[i + 1]) / 2.0));
    }
    std::array<double, layout::kLevels> sums{};
    std::array<double, layout::kLevels> counts{};
    for (const model::SessionEntry& entry : entries) {
      const std::uint32_t level = of(entry.weight);
      sums[level] += static_cast<double>(entry.weight);
      counts[level] += 1.0;
    }
    for (std::size_t i = 0; i < layout::kLevels; ++i) {
      if (counts[i] > 0.0) values_[i] = static_cast<float>(sums[i] / counts[i]);
    }
  }

  [[nodiscard]] std::uint32_t of(float weight) const {
    return static_cast<std::uint32_t>(std::upper_bound(bounds_.begin(), bounds_.end(), weight) -
                                      bounds_.begin());
  }
  [[nodiscard]] const std::array<float, layout::kLevels>& values() const { return values_; }

 private:
  static constexpr float kNever = std::numeric_limits<float>::infinity();

  struct Bin {
    double log = 0.0;   // mean logarithm of its weights
    double mass = 0.0;  // sum of its weights
  };

  static std::vector<Bin> histogram(const std::vector<model::SessionEntry>& entries) {
    constexpr std::size_t kBins = 1024;
    const auto [least, most] =
        std::minmax_element(entries.begin(), entries.end(),
                            [](const model::SessionEntry& a, const model::SessionEntry& b) {
                              return a.weight < b.weight;
                            });
    const double low = std::log(static_cast<double>(least->weight));
    const double width =
        (std::log(static_cast<double>(most->weight)) - low) / static_cast<double>(kBins - 1);
    std::vector<Bin> bins(kBins);
    std::vector<double> counts(kBins);
    for (const model::SessionEntry& entry : entries) {
      const double log = std::log(static_cast<double>(entry.weight));
      const auto bin = static_cast<std::size_t>((log - low) / width);
      bins[bin].log += log;
      bins[bin].mass += static_cast<double>(entry.weight);
      counts[bin] += 1.0;
    }
    for (std::size_t i = 0; i < kBins; ++i) {
      if (counts[i] > 0.0) bins[i].log /= counts[i];
    }
    std::erase_if(bins, [](const Bin& bin) { return bin.mass == 0.0; });
    return bins;
  }

  /// Returns the logarithms of the levels, rising.
  static std::array<double, layout::kLevels> lloyd(const std::vector<Bin>& bins) {
    constexpr int kRounds = 60;
    std::array<double, layout::kLevels> centres{};
    for (std::size_t i = 0; i < layout::kLevels; ++i) {
      centres[i] = bins[bins.size() * (2 * i + 1) / (2 * layout::kLevels)].log;
    }
    for (int round = 0; round < kRounds; ++round) {
      std::array<double, layout::kLevels> logs{};
      std::array<double, layout::kLevels> masses{};
      std::size_t level = 0;
      for (const Bin& bin : bins) {
        while (level + 1 < layout::kLevels &&
               bin.log >= (centres[level] + centres[level + 1]) / 2.0) {
          ++level;
        }
        logs[level] += bin.mass * bin.log;
        masses[level] += bin.mass;
      }
      for (std::size_t i = 0; i < layout::kLevels; ++i) {
        if (masses[i] > 0.0) centres[i] = logs[i] / masses[i];
      }
    }
    return centres;
  }

  std::array<float, layout::kLevels> values_{};      // rising
  std::array<float, layout::kLevels - 1> bounds_{};  // the least weight of each level but the first
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

RowSections write_rows(const std::vector<model::SessionEntry>& entries, std::size_t item_count) {
  const Levels levels(entries);
  RowSections rows{.lengths = std::vector<std::byte>(4 * item_count), .levels = levels.values()};
  const auto set_length = [&](std::size_t index, std::size_t length) {
    if (length > 0xFFFF) {
      throw base::Error(base::ExitCode::kFailure,
                        "A session row takes over 65,535 bytes; lower the number of sources.");
    }
    rows.lengths[index] = static_cast<std::byte>(length & 0xFFU);
    rows.lengths[2 * item_count + index] = static_cast<std::byte>(length >> 8U);
  };
  for (std::size_t begin = 0; begin < entries.size();) {
    const std::uint32_t source = entries[begin].source;
    const std::size_t start = rows.entries.size();
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
    set_length(item_count + source, rows.entries.size() - start);
    begin = end;
  }
  const auto high = rows.lengths.begin() + static_cast<std::ptrdiff_t>(2 * item_count);
  const bool short_rows =
      std::all_of(high, rows.lengths.end(), [](std::byte byte) { return byte == std::byte{0}; });
  if (short_rows) rows.lengths.erase(high, rows.lengths.end());
  return rows;
}

}  // namespace vitrine::bundle
