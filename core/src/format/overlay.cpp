#include <algorithm>
#include <memory>
#include <utility>

#include "format/sections.h"
#include "format/utf8.h"
#include "vitrine/format/bundle.h"
#include "vitrine/format/byte_planes.h"

namespace vitrine {

using layout::SectionKind;

/// Builds the parts of a bundle that an overlay changes. The bytes of the overlay are not trusted.
class OverlayReader {
 public:
  explicit OverlayReader(Bundle& bundle) : bundle_(&bundle), known_(bundle.header().item_count) {}

  Status apply(std::span<const std::byte> bytes) {
    const Status framed = file_.open(bytes, layout::kOverlayMagic, layout::kOverlayVersion);
    if (framed != Status::kOk) return framed;
    header_ = reinterpret_cast<const layout::OverlayHeader*>(bytes.data());
    if (header_->base_hash != bundle_->content_hash()) return Status::kWrongBase;
    if (header_->added_items > layout::kMaxItems - known_) return Status::kBadItemCount;

    const Status ids_read = read_ids();
    if (ids_read != Status::kOk) return ids_read;
    const Status alike_read = read_alike();
    if (alike_read != Status::kOk) return alike_read;
    const std::string_view experiments = file_.text(SectionKind::kExperiments);
    if (!is_utf8(experiments)) return Status::kBadMetadata;
    Result<Popularity> popularity = changed_popularity();
    if (!popularity.ok()) return popularity.status();
    const Status seen = popularity.value().verify();
    if (seen != Status::kOk) return seen;
    const Status catalog_changed = change_catalog();
    if (catalog_changed != Status::kOk) return catalog_changed;

    bundle_->ids_.set_added(ids_);
    bundle_->added_ = added_;
    bundle_->item_count_ = known_ + header_->added_items;
    bundle_->popularity_ = std::move(popularity).value();
    bundle_->experiments_ =
        experiments.empty() ? bundle_->file_.text(SectionKind::kExperiments) : experiments;
    return Status::kOk;
  }

 private:
  Status read_ids() {
    if (!ids_.open(file_.section(SectionKind::kAddedIds)) || ids_.size() != header_->added_items) {
      return Status::kBadIds;
    }
    for (std::uint32_t i = 0; i < ids_.size(); ++i) {
      const std::string_view id = ids_[i];
      if (id.size() > layout::kMaxIdBytes) return Status::kBadIds;
      // An id of the previous overlay may be used again.
      if (bundle_->ids().find(id).value_or(known_) < known_) return Status::kBadOverlay;
    }
    return Status::kOk;
  }

  Status read_alike() {
    const std::size_t count = std::size_t{header_->added_items} * layout::kAlike;
    added_.first = known_;
    if (!view_as(file_.section(SectionKind::kAlikeItems), count, added_.alike) ||
        !view_as(file_.section(SectionKind::kAlikeShares), count, added_.shares) ||
        added_.alike.size() != added_.shares.size()) {
      return Status::kBadSectionSize;
    }
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < added_.shares.size(); ++i) {
      if (i % layout::kAlike == 0) sum = 0;
      sum += added_.shares[i];
      if (added_.alike[i] >= known_ || sum > 255) return Status::kBadOverlay;
    }
    return Status::kOk;
  }

  /// Reads the numbers of changed items. They must be items of the bundle, in rising order.
  Status read_items(SectionKind kind, std::span<const std::uint32_t>& items) const {
    const std::span<const std::byte> bytes = file_.section(kind);
    if (!view_as(bytes, bytes.size() / sizeof(std::uint32_t), items))
      return Status::kBadSectionSize;
    const bool rising =
        std::adjacent_find(items.begin(), items.end(), std::greater_equal<>()) == items.end();
    return rising && (items.empty() || items.back() < known_) ? Status::kOk : Status::kBadOverlay;
  }

  Status change_catalog() {
    Catalog::Changes changes;
    if (const Status status = read_items(SectionKind::kChangedPrices, changes.priced);
        status != Status::kOk) {
      return status;
    }
    if (const Status status = read_items(SectionKind::kChangedAvailable, changes.available);
        status != Status::kOk) {
      return status;
    }
    const std::size_t added = changes.added = header_->added_items;
    if (!view_as(file_.section(SectionKind::kNewPrices), changes.priced.size(), changes.prices) ||
        changes.prices.size() != changes.priced.size() ||
        !view_as(file_.section(SectionKind::kItemCategory), added, changes.added_category) ||
        !view_as(file_.section(SectionKind::kItemBrand), added, changes.added_brand) ||
        !view_as(file_.section(SectionKind::kItemPrice), added, changes.added_price) ||
        !view_as(file_.section(SectionKind::kItemAvailable), (added + 7) / 8,
                 changes.added_available)) {
      return Status::kBadSectionSize;
    }
    return bundle_->catalog_.change(changes, known_);
  }

  Result<Popularity> changed_popularity() const {
    const std::uint32_t added = header_->added_items;
    const std::size_t count = std::size_t{known_} + added;
    std::span<const std::uint32_t> items;
    std::span<const std::uint16_t> codes;
    BytePlanes before;
    BytePlanes of_added;
    if (const Status status = read_items(SectionKind::kChangedPopularity, items);
        status != Status::kOk) {
      return status;
    }
    const std::span<const std::byte> base = bundle_->file_.section(SectionKind::kPopularity);
    const std::span<const std::byte> added_codes = file_.section(SectionKind::kPopularity);
    if (!before.open(base, known_, 2) ||
        !of_added.open(added_codes, added_codes.empty() ? 0 : added, 2) ||
        !view_as(file_.section(SectionKind::kNewPopularity), items.size(), codes) ||
        codes.size() != items.size()) {
      return Status::kBadSectionSize;
    }
    std::unique_ptr<std::byte[]> bytes(new std::byte[2 * count]());
    const auto put = [&](std::size_t item, std::uint32_t code) {
      bytes[item] = static_cast<std::byte>(code & 0xFFU);
      bytes[count + item] = static_cast<std::byte>(code >> 8U);
    };
    const std::uint32_t shift = header_->popularity_shift;
    for (std::uint32_t item = 0; item < known_; ++item) {
      const std::uint32_t code = before[item];
      put(item, code == 0 ? 0 : code > shift ? code - shift : 1);
    }
    for (std::size_t i = 0; i < items.size(); ++i) put(items[i], codes[i]);
    for (std::uint32_t i = 0; i < added && !added_codes.empty(); ++i) put(known_ + i, of_added[i]);
    return Popularity::open_own(std::move(bytes), static_cast<std::uint32_t>(count));
  }

  Bundle* bundle_;
  std::uint32_t known_;  // number of items of the bundle without added items
  SectionFile file_;
  const layout::OverlayHeader* header_ = nullptr;
  StringTable ids_;
  AddedItems added_;
};

Status Bundle::apply(std::span<const std::byte> overlay) {
  return OverlayReader(*this).apply(overlay);
}

}  // namespace vitrine
