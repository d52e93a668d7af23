#include "recommend/models/borrowed_rows.h"

#include <algorithm>
#include <numeric>
#include <span>

namespace vitrine::recommend {
namespace {

/// The borrowed entries of one direction, together, and the least number for one item.
constexpr std::uint32_t kMostBorrowed = 1U << 21U;
constexpr std::uint32_t kLeastOfItem = 4;
/// The number of new items after a known one that count for means, in multiples of `most`.
constexpr std::uint32_t kLent = 4;

bool is_stronger(float weight, std::uint32_t other, float than, std::uint32_t its) {
  return weight != than ? weight > than : other < its;
}

/// Entries grouped by source or by target.
class Lists {
 public:
  struct Entry {
    std::uint32_t other;
    float weight;
  };

  Lists(const std::vector<model::SessionEntry>& entries, std::uint32_t items,
        std::uint32_t model::SessionEntry::* key, std::uint32_t model::SessionEntry::* other)
      : begins_(std::size_t{items} + 1), all_(entries.size()) {
    for (const model::SessionEntry& entry : entries) ++begins_[entry.*key + 1];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    std::vector<std::uint64_t> next(begins_.begin(), begins_.end() - 1);
    for (const model::SessionEntry& entry : entries) {
      all_[next[entry.*key]++] = {entry.*other, entry.weight};
    }
  }
  [[nodiscard]] std::span<const Entry> of(std::uint32_t item) const {
    const std::uint64_t size = std::min<std::uint64_t>(begins_[item + 1] - begins_[item], most_);
    return std::span(all_).subspan(begins_[item], size);
  }

  /// Keeps the `most` largest of each list; of equal ones those with lower numbers.
  void keep_largest(std::uint32_t most) {
    for (std::size_t item = 0; item + 1 < begins_.size(); ++item) {
      if (begins_[item + 1] - begins_[item] <= most) continue;
      const auto begin = all_.begin() + static_cast<std::ptrdiff_t>(begins_[item]);
      const auto end = all_.begin() + static_cast<std::ptrdiff_t>(begins_[item + 1]);
      std::nth_element(begin, begin + most, end, [](const Entry& a, const Entry& b) {
        return is_stronger(a.weight, a.other, b.weight, b.other);
      });
      std::sort(begin, begin + most,
                [](const Entry& a, const Entry& b) { return a.other < b.other; });
    }
    most_ = most;
  }

 private:
  std::vector<std::uint64_t> begins_;
  std::vector<Entry> all_;
  std::uint64_t most_ = UINT64_MAX;
};

/// Computes weighted means of the lists of alike items.
class Mean {
 public:
  explicit Mean(std::uint32_t items) : sums_(items), own_share_(items) {}

  /// Adds the list of `item` with its share.
  void add(std::uint32_t item, float share, std::span<const Lists::Entry> list) {
    own_share_[item] = share;
    members_.push_back(item);
    for (const auto& [other, weight] : list) {
      if (other == item) {
        return_weight_ += share * weight;
        continue;
      }
      if (sums_[other] == 0.0F) touched_.push_back(other);
      sums_[other] += share * weight;
    }
  }
  [[nodiscard]] float return_weight() const { return return_weight_; }

  /// Returns the `most` largest means in no order; of equal means those with lower numbers. Clears
  /// all sums.
  const std::vector<Lists::Entry>& take(std::uint32_t most) {
    result_.clear();
    for (const std::uint32_t other : touched_) {
      // When `other` is the only alike item, no further share is left.
      const float rest = 1.0F - own_share_[other];
      result_.push_back({other, rest > 1e-3F ? sums_[other] / rest : sums_[other]});
      sums_[other] = 0.0F;
    }
    for (const std::uint32_t item : members_) own_share_[item] = 0.0F;
    touched_.clear();
    members_.clear();
    return_weight_ = 0.0F;
    if (result_.size() > most) {
      std::nth_element(result_.begin(), result_.begin() + most, result_.end(),
                       [](const Lists::Entry& a, const Lists::Entry& b) {
                         return is_stronger(a.weight, a.other, b.weight, b.other);
                       });
      result_.resize(most);
    }
    return result_;
  }

 private:
  std::vector<float> sums_;       // for each item
  std::vector<float> own_share_;  // for each item: its share when it is one of the alike items
  std::vector<std::uint32_t> touched_;
  std::vector<std::uint32_t> members_;
  std::vector<Lists::Entry> result_;
  float return_weight_ = 0.0F;
};

}  // namespace

std::vector<model::SessionEntry> borrow_rows(const std::vector<model::SessionEntry>& rows,
                                             const AlikeItems& alike, std::uint32_t first,
                                             std::uint32_t most, float weight) {
  const std::uint32_t items = first + alike.size();
  most = std::min(most, std::max(kLeastOfItem, kMostBorrowed / std::max(alike.size(), 1U)));
  Mean mean(items);
  std::vector<model::SessionEntry> columns;
  const auto for_each_receiver = [&](const auto& fill, const auto& keep) {
    for (std::uint32_t r = 0; r < alike.size(); ++r) {
      for (std::uint64_t a = alike.offsets[r]; a < alike.offsets[r + 1]; ++a) fill(r, a);
      keep(first + r);
    }
  };
  {
    const Lists incoming(rows, items, &model::SessionEntry::target, &model::SessionEntry::source);
    for_each_receiver(
        [&](std::uint32_t, std::uint64_t a) {
          mean.add(alike.items[a], alike.shares[a], incoming.of(alike.items[a]));
        },
        [&](std::uint32_t receiver) {
          if (mean.return_weight() > 0.0F)
            columns.push_back({receiver, receiver, weight * mean.return_weight()});
          for (const auto& [source, value] : mean.take(most)) {
            columns.push_back({source, receiver, weight * value});
          }
        });
  }
  std::vector<model::SessionEntry> added = columns;
  const Lists outgoing(rows, items, &model::SessionEntry::source, &model::SessionEntry::target);
  Lists to_receivers(columns, items, &model::SessionEntry::source, &model::SessionEntry::target);
  to_receivers.keep_largest(kLent * most);
  for_each_receiver(
      [&](std::uint32_t, std::uint64_t a) {
        const std::uint32_t item = alike.items[a];
        mean.add(item, alike.shares[a], outgoing.of(item));
        mean.add(item, alike.shares[a], to_receivers.of(item));
      },
      [&](std::uint32_t receiver) {
        for (const auto& [target, value] : mean.take(most)) {
          // The weight of the item's own return is already set.
          if (target != receiver) added.push_back({receiver, target, weight * value});
        }
      });
  std::erase_if(added, [](const model::SessionEntry& entry) { return !(entry.weight > 0.0F); });
  std::sort(added.begin(), added.end(),
            [](const model::SessionEntry& a, const model::SessionEntry& b) {
              return a.source != b.source ? a.source < b.source : a.target < b.target;
            });
  return added;
}

}  // namespace vitrine::recommend
