#include "recommend/models/shared_sets.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <set>
#include <span>
#include <vector>

#include "model/sampled_sessions.h"

namespace vitrine::recommend {
namespace {

/// The distinct items of sessions, rising within a session, and the sessions of each item.
class ItemSets {
 public:
  ItemSets(const model::SessionTable& sessions, std::uint32_t item_count)
      : of_item_(std::size_t{item_count} + 1) {
    std::vector<std::uint32_t> set;
    for (std::size_t s = 0; s < sessions.size(); ++s) {
      set.assign(sessions.items.begin() + static_cast<std::ptrdiff_t>(sessions.offsets[s]),
                 sessions.items.begin() + static_cast<std::ptrdiff_t>(sessions.offsets[s + 1]));
      std::sort(set.begin(), set.end());
      set.erase(std::unique(set.begin(), set.end()), set.end());
      items_.insert(items_.end(), set.begin(), set.end());
      offsets_.push_back(items_.size());
      for (const std::uint32_t item : set) ++of_item_[item + 1];
    }
    std::partial_sum(of_item_.begin(), of_item_.end(), of_item_.begin());
    sessions_.resize(items_.size());
    std::vector<std::uint64_t> next(of_item_.begin(), of_item_.end() - 1);
    for (std::uint32_t s = 0; s + 1 < offsets_.size(); ++s) {
      for (const std::uint32_t item : items_of(s)) sessions_[next[item]++] = s;
    }
  }

  [[nodiscard]] std::span<const std::uint32_t> items_of(std::uint32_t session) const {
    return std::span(items_).subspan(offsets_[session], offsets_[session + 1] - offsets_[session]);
  }
  [[nodiscard]] std::span<const std::uint32_t> sessions_of(std::uint32_t item) const {
    return std::span(sessions_).subspan(of_item_[item], of_item_[item + 1] - of_item_[item]);
  }

 private:
  std::vector<std::uint64_t> offsets_{0};
  std::vector<std::uint32_t> items_;
  std::vector<std::uint64_t> of_item_;
  std::vector<std::uint32_t> sessions_;
};

class SharedSet {
 public:
  SharedSet(const ItemSets& sets, const std::vector<std::uint32_t>& shoppers,
            std::uint32_t min_shoppers)
      : sets_(sets), shoppers_(shoppers), min_shoppers_(min_shoppers) {}

  /// The set for a session, rising; fewer than two items where no two are shared by enough.
  const std::vector<std::uint32_t>& of(std::uint32_t session) {
    const auto items = sets_.items_of(session);
    set_.clear();
    if (items.size() < 2) return set_;
    const std::uint32_t rarest =
        *std::min_element(items.begin(), items.end(), [this](std::uint32_t a, std::uint32_t b) {
          const std::size_t of_a = sets_.sessions_of(a).size();
          const std::size_t of_b = sets_.sessions_of(b).size();
          return of_a != of_b ? of_a < of_b : a < b;
        });
    set_.push_back(rarest);
    const auto sharing = sets_.sessions_of(rarest);
    sharing_.assign(sharing.begin(), sharing.end());
    rest_.assign(items.begin(), items.end());
    std::erase(rest_, rarest);
    while (!rest_.empty() && set_.size() < model::SampledSessions::kLongest) {
      std::size_t most = 0;
      std::uint32_t best = 0;
      for (const std::uint32_t item : rest_) {
        keep_with(item, some_);
        const std::size_t shared = shoppers_of(some_);
        if (shared > most) {
          most = shared;
          best = item;
          kept_.swap(some_);
        }
      }
      if (most < min_shoppers_) break;
      set_.push_back(best);
      sharing_.swap(kept_);
      std::erase(rest_, best);
    }
    std::sort(set_.begin(), set_.end());
    return set_;
  }

 private:
  void keep_with(std::uint32_t item, std::vector<std::uint32_t>& out) const {
    out.clear();
    for (const std::uint32_t session : sharing_) {
      const auto items = sets_.items_of(session);
      if (std::binary_search(items.begin(), items.end(), item)) out.push_back(session);
    }
  }
  std::size_t shoppers_of(const std::vector<std::uint32_t>& sessions) {
    if (shoppers_.empty()) return sessions.size();
    distinct_.clear();
    for (const std::uint32_t session : sessions) distinct_.push_back(shoppers_[session]);
    std::sort(distinct_.begin(), distinct_.end());
    return static_cast<std::size_t>(std::unique(distinct_.begin(), distinct_.end()) -
                                    distinct_.begin());
  }

  const ItemSets& sets_;
  const std::vector<std::uint32_t>& shoppers_;
  std::uint32_t min_shoppers_;
  std::vector<std::uint32_t> set_;
  std::vector<std::uint32_t> rest_;     // items of the session that are not in the set
  std::vector<std::uint32_t> sharing_;  // sessions with all of the set
  std::vector<std::uint32_t> kept_;     // of those, with the best further item
  std::vector<std::uint32_t> some_;
  std::vector<std::uint32_t> distinct_;  // shoppers
};

}  // namespace

model::SessionTable shared_sets(const model::SessionTable& sessions, std::uint32_t item_count,
                                std::uint32_t min_shoppers) {
  const ItemSets sets(sessions, item_count);
  SharedSet shared(sets, sessions.shoppers, min_shoppers);
  std::set<std::vector<std::uint32_t>> known;
  std::vector<const std::vector<std::uint32_t>*> latest;
  for (auto s = static_cast<std::uint32_t>(sessions.size()); s-- > 0;) {
    const std::vector<std::uint32_t>& set = shared.of(s);
    if (set.size() < 2) continue;
    const auto [at, is_new] = known.insert(set);
    if (is_new) latest.push_back(&*at);
  }
  model::SessionTable result;
  for (auto set = latest.rbegin(); set != latest.rend(); ++set) {
    result.items.insert(result.items.end(), (*set)->begin(), (*set)->end());
    result.offsets.push_back(result.items.size());
  }
  result.kinds.resize(result.items.size(), EventKind::kView);
  return result;
}

}  // namespace vitrine::recommend
