#include "vitrine/format/bundle.h"

namespace vitrine {

// noinline keeps this out of the rankings of bundles without added items.
[[gnu::noinline]] AddedItems::Donors AddedItems::donors_of(std::uint32_t item) const {
  Donors donors;
  if (item < first) {
    donors.all_[donors.count_++] = {.item = item, .share = 1.0F};
    return donors;
  }
  for (std::size_t i = 0; i < layout::kAlike && !shares.empty(); ++i) {
    const std::size_t at = std::size_t{item - first} * layout::kAlike + i;
    if (shares[at] == 0) continue;
    const float share = static_cast<float>(shares[at]) / 255.0F;
    donors.all_[donors.count_++] = {.item = alike[at], .share = share};
  }
  return donors;
}

[[gnu::noinline]] std::uint32_t AddedItems::most_alike(std::uint32_t item) const {
  Donor most{.item = kNone, .share = 0.0F};
  for (const Donor& donor : donors_of(item)) {
    if (donor.share > most.share) most = donor;
  }
  return most.item;
}

}  // namespace vitrine
