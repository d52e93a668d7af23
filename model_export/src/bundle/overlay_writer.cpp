#include "bundle/overlay_writer.h"

#include <algorithm>
#include <string_view>

#include "bundle/file_builder.h"

namespace vitrine::bundle {
namespace {

using layout::SectionKind;
using OverlayBuilder = FileBuilder<layout::OverlayHeader>;

template <typename T>
bool is_known(const std::vector<T>& values, T nothing) {
  return std::any_of(values.begin(), values.end(), [&](T value) { return value != nothing; });
}

void add_items(OverlayBuilder& file, const std::vector<AddedItem>& items) {
  std::vector<std::string_view> ids;
  std::vector<std::uint16_t> categories;
  std::vector<std::uint16_t> brands;
  std::vector<float> prices;
  std::vector<std::uint8_t> available((items.size() + 7) / 8);
  std::vector<std::uint32_t> popularity;
  std::vector<std::uint32_t> alike;
  std::vector<std::uint8_t> shares;
  for (const AddedItem& item : items) {
    const auto bit = static_cast<std::uint8_t>(item.available ? 1U << ids.size() % 8 : 0U);
    available[ids.size() / 8] |= bit;
    ids.emplace_back(item.id);
    categories.push_back(item.category);
    brands.push_back(item.brand);
    prices.push_back(item.price);
    popularity.push_back(item.popularity);
    alike.insert(alike.end(), item.alike.begin(), item.alike.end());
    shares.insert(shares.end(), item.shares.begin(), item.shares.end());
  }
  file.add(SectionKind::kAddedIds, string_table(ids));
  file.add(SectionKind::kItemAvailable, array_bytes(available));
  file.add(SectionKind::kPopularity, plane_bytes(popularity, 2));
  if (is_known(categories, layout::kNoCategory)) {
    file.add(SectionKind::kItemCategory, array_bytes(categories));
  }
  if (is_known(brands, layout::kNoBrand)) file.add(SectionKind::kItemBrand, array_bytes(brands));
  if (is_known(prices, layout::kNoPrice)) file.add(SectionKind::kItemPrice, array_bytes(prices));
  if (is_known(shares, std::uint8_t{0})) {
    file.add(SectionKind::kAlikeItems, array_bytes(alike));
    file.add(SectionKind::kAlikeShares, array_bytes(shares));
  }
}

}  // namespace

std::vector<std::byte> write_overlay(const OverlayContents& contents) {
  OverlayBuilder file;
  file.header.base_hash = contents.base_hash;
  file.header.added_items = static_cast<std::uint32_t>(contents.added.size());
  file.header.popularity_shift = contents.popularity_shift;
  file.add(SectionKind::kChangedPrices, array_bytes(contents.priced));
  file.add(SectionKind::kNewPrices, array_bytes(contents.prices));
  file.add(SectionKind::kChangedAvailable, array_bytes(contents.available));
  file.add(SectionKind::kChangedPopularity, array_bytes(contents.popular));
  file.add(SectionKind::kNewPopularity, array_bytes(contents.popularity));
  if (!contents.added.empty()) add_items(file, contents.added);
  Bytes experiments;
  append(experiments, std::string_view(contents.experiments));
  file.add(SectionKind::kExperiments, std::move(experiments));
  return file.finish(layout::kOverlayMagic, layout::kOverlayVersion);
}

}  // namespace vitrine::bundle
