#include "vitrine/ranking/item_groups.h"

namespace vitrine {

ItemGroups::List ItemGroups::all() {
  if (all_.empty()) all_ = bundle_->popularity().best(bundle_->item_count());
  return all_;
}

ItemGroups::List ItemGroups::head() {
  if (head_.empty()) head_ = bundle_->popularity().best(kHead);
  return head_;
}

/// A counting sort, which keeps the order of equal items. Items without a group are left out.
[[gnu::noinline]] void ItemGroups::make(Groups& groups, bool by_brand, std::uint32_t count) {
  const Catalog& catalog = bundle_->catalog();
  const auto group_of = [&](std::uint32_t item) -> std::uint32_t {
    return by_brand ? catalog.brand(item) : catalog.category(item);
  };
  std::vector<std::uint32_t>& begins = groups.begins;
  begins.resize(std::size_t{count} + 2);  // one place ahead while it is filled in
  for (const std::uint32_t item : all()) {
    if (group_of(item) < count) ++begins[group_of(item) + 2];
  }
  for (std::size_t g = 2; g < begins.size(); ++g) begins[g] += begins[g - 1];
  groups.items.resize(begins.back());
  for (const std::uint32_t item : all_) {
    if (group_of(item) < count) groups.items[begins[group_of(item) + 1]++] = item;
  }
}

// noinline keeps this out of its caller, which is optimized for speed: this function is called once
// for each list.
[[gnu::noinline]] std::span<ItemGroups::List> ItemGroups::find(const Filter& filter) {
  found_.clear();
  const Catalog& catalog = bundle_->catalog();
  const bool by_brand = filter.categories.empty();
  const auto names = by_brand ? filter.brands : filter.categories;
  if (names.empty() || names.size() > kMost) return {};
  const std::uint32_t count = (by_brand ? catalog.brands() : catalog.categories()).size();
  Groups& groups = by_brand ? brands_ : categories_;
  if (groups.begins.empty()) make(groups, by_brand, count);
  const auto end_of = [&](std::uint32_t group) {
    return by_brand ? group + 1 : catalog.subtree_end(group);
  };
  found_.emplace_back();  // so that it is not nothing
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] >= count) continue;
    bool covered = false;  // by another subtree, or named before
    for (std::size_t j = 0; j < names.size(); ++j) {
      covered |= names[j] < count && names[j] <= names[i] && names[i] < end_of(names[j]) &&
                 (names[j] < names[i] || j < i);
    }
    for (std::uint32_t g = names[i]; g < end_of(names[i]) && !covered; ++g) {
      found_.push_back(
          List(groups.items).subspan(groups.begins[g], groups.begins[g + 1] - groups.begins[g]));
    }
  }
  return found_;
}

}  // namespace vitrine
