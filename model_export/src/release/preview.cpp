#include "release/preview.h"

#include <algorithm>
#include <array>

#include "bundle/bundle_file.h"
#include "recommend/training/budget.h"

namespace vitrine::release {
namespace {

constexpr std::size_t kLeastItems = 32;
constexpr std::size_t kMostItems = 4096;
constexpr std::size_t kLeastGain = 3;  // the bundle must be this many times as large

/// Chooses the best-known items that the bundle was trained with. They keep the bundle's order, in
/// which items that shoppers see together are neighbours.
std::vector<std::uint32_t> choose(const Bundle& bundle, std::size_t count) {
  std::vector<std::uint32_t> items;
  const std::size_t added = bundle.item_count() - bundle.added().first;
  for (const std::uint32_t item : bundle.popularity().best(count + added)) {
    if (items.size() == count) break;
    if (item < bundle.added().first) items.push_back(item);
  }
  std::sort(items.begin(), items.end());
  return items;
}

model::ItemAttributes attributes_of(const Catalog& catalog, std::uint32_t item) {
  model::ItemAttributes attributes{.price = catalog.price(item),
                                   .available = catalog.available(item)};
  if (catalog.category(item) != layout::kNoCategory) {
    attributes.category = catalog.categories()[catalog.category(item)];
  }
  if (catalog.brand(item) != layout::kNoBrand) {
    attributes.brand = catalog.brands()[catalog.brand(item)];
  }
  return attributes;
}

bool has_catalogue(const Bundle& bundle) {
  const auto sections = bundle.sections();
  return std::any_of(sections.begin(), sections.end(), [](const layout::Section& section) {
    return section.kind == layout::SectionKind::kItemAvailable;
  });
}

}  // namespace

bundle::BundleContents best_known(const Bundle& bundle, std::size_t count) {
  const std::vector<std::uint32_t> items = choose(bundle, count);
  constexpr std::uint32_t kElsewhere = 0xFFFFFFFF;
  std::vector<std::uint32_t> place(bundle.item_count(), kElsewhere);
  bundle::BundleContents contents;
  const ItemNames names(bundle.ids());
  std::array<char, layout::kMaxIdBytes> id;
  const bool catalogued = has_catalogue(bundle);
  for (const std::uint32_t item : items) {
    place[item] = static_cast<std::uint32_t>(contents.ids.size());
    contents.ids.emplace_back(names.id_of(item, id));
    contents.popularity.push_back(bundle.popularity().share(item));
    if (item < bundle.trend().size()) contents.trend.push_back(bundle.trend()[item]);
    if (catalogued) contents.attributes.push_back(attributes_of(bundle.catalog(), item));
  }
  if (!bundle.session_rows().empty()) {
    for (const std::uint32_t item : items) {
      const std::size_t first = contents.session_rows.size();
      bundle.session_rows().each(item, [&](std::uint32_t target, float weight) {
        if (place[target] == kElsewhere || !(weight > 0.0F)) return;
        contents.session_rows.push_back({place[item], place[target], weight});
      });
      std::sort(contents.session_rows.begin() + static_cast<std::ptrdiff_t>(first),
                contents.session_rows.end(),
                [](const model::SessionEntry& a, const model::SessionEntry& b) {
                  return a.target < b.target;
                });
    }
  }
  for (std::uint32_t m = 0; m < bundle.markets().names.size(); ++m) {
    model::Market market{.name = std::string(bundle.markets().names[m]), .items = {}};
    int known = 0;
    int kept = 0;
    for (std::size_t i = 0; i < market.items.size(); ++i) {
      const std::uint32_t item = bundle.markets().of(m)[i];
      market.items[i] = item < place.size() ? place[item] : kElsewhere;
      known += item < place.size() ? 1 : 0;
      kept += market.items[i] != kElsewhere ? 1 : 0;
    }
    if (kept > 0 && 2 * kept >= known) contents.markets.push_back(std::move(market));
  }
  contents.settings = bundle.settings();
  layout::Settings& settings = contents.settings;
  settings.recommend.embeddings = settings.similar.embeddings = 0.0F;
  settings.recommend.neighbours = settings.similar.neighbours = 0.0F;
  // In a bundle whose similar items come from embeddings alone, the items seen next are the best
  // replacement.
  if (settings.similar.session_rows == 0.0F) {
    settings.similar.session_rows = std::max(settings.recommend.session_rows, 0.01F);
  }
  return contents;
}

std::vector<std::byte> make_preview(const Bundle& bundle, std::size_t bundle_size,
                                    std::size_t max_bytes) {
  if (max_bytes == 0 || bundle_size < kLeastGain * max_bytes) return {};
  const auto contents_of = [&](std::size_t count) {
    bundle::BundleContents contents = best_known(bundle, count);
    contents.metadata = {{"preview", {{"items", contents.ids.size()}}}};
    return contents;
  };
  // Items take up to half of the space. Their session rows take the other half.
  std::size_t fits = 0;
  std::size_t too_many = std::min<std::size_t>(bundle.item_count(), kMostItems) + 1;
  while (too_many - fits > 1) {
    const std::size_t count = fits + (too_many - fits) / 2;
    bundle::BundleContents bare = contents_of(count);
    bare.session_rows.clear();
    (bundle::brotli_size(bundle::write_bundle(bare)) <= max_bytes / 2 ? fits : too_many) = count;
  }
  if (fits < kLeastItems) return {};
  return recommend::fit_budget(contents_of(fits), max_bytes, recommend::SizeOf::kBrotli11).bytes;
}

}  // namespace vitrine::release
