#include "vitrine/format/bundle.h"

namespace vitrine {

// Kept out of the rankings of bundles that have no added items.
[[gnu::noinline]] AddedItems::Lenders AddedItems::lenders_of(std::uint32_t item) const {
  Lenders lenders;
  if (item < first) {
    lenders.all_[lenders.count_++] = {.item = item, .share = 1.0F};
    return lenders;
  }
  for (std::size_t i = 0; i < layout::kAlike && !shares.empty(); ++i) {
    const std::size_t at = std::size_t{item - first} * layout::kAlike + i;
    if (shares[at] == 0) continue;
    const float share = static_cast<float>(shares[at]) / 255.0F;
    lenders.all_[lenders.count_++] = {.item = alike[at], .share = share};
  }
  return lenders;
}

[[gnu::noinline]] std::uint32_t AddedItems::most_alike(std::uint32_t item) const {
  Lender most{.item = kNone, .share = 0.0F};
  for (const Lender& lender : lenders_of(item)) {
    if (lender.share > most.share) most = lender;
  }
  return most.item;
}

}  // namespace vitrine
