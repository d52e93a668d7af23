#include "release/overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/error.h"
#include "bundle/file_builder.h"
#include "recommend/models/content_vectors.h"
#include "statistics/statistics.h"

namespace vitrine::release {
namespace {

struct CatalogueRow {
  bundle::ItemAttributes attributes;
  std::string title;
};
using Catalogue = std::map<std::string, CatalogueRow>;

Catalogue read_catalogue(data::Database& database) {
  Catalogue catalogue;
  data::Rows rows =
      database.query("SELECT id, category, brand, price, available, lower(title) FROM catalogue");
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      const bool priced = !chunk->is_null(3, i);
      catalogue[std::string(chunk->text(0, i))] = {
          .attributes = {.category = std::string(chunk->text(1, i)),
                         .brand = std::string(chunk->text(2, i)),
                         .price =
                             priced ? static_cast<float>(chunk->doubles(3)[i]) : layout::kNoPrice,
                         .available = chunk->bools(4)[i]},
          .title = std::string(chunk->text(5, i))};
    }
  }
  return catalogue;
}

/// Returns the attributes of an item from the bundle's catalogue.
bundle::ItemAttributes attributes_in(const Catalog& catalog, std::uint32_t item) {
  bundle::ItemAttributes result{.price = catalog.price(item), .available = catalog.available(item)};
  if (const std::uint16_t at = catalog.category(item); at != layout::kNoCategory) {
    result.category = catalog.categories()[at];
  }
  if (const std::uint16_t at = catalog.brand(item); at != layout::kNoBrand) {
    result.brand = catalog.brands()[at];
  }
  return result;
}

/// Returns the deepest level of `path` that the bundle has.
std::uint16_t known_category(const Catalog& catalog, std::string path) {
  while (!path.empty()) {
    if (const auto at = catalog.categories().find(path)) return static_cast<std::uint16_t>(*at);
    const std::size_t slash = path.rfind('/');
    path.resize(slash == std::string::npos ? 0 : slash);
  }
  return layout::kNoCategory;
}

/// Returns the share of each item relative to the item with most events; empty when there are no
/// events.
std::unordered_map<std::string, double> read_trend(data::Database& database) {
  std::unordered_map<std::string, double> trend;
  if (database.query_int64(
          "SELECT count(*) FROM information_schema.tables WHERE table_name = 'events'") == 0) {
    return trend;
  }
  const statistics::ItemTable items = statistics::aggregate_items(database, {});
  for (std::size_t i = 0; i < items.ids.size(); ++i) {
    trend.emplace(items.ids[i], items.popularity[i] / items.popularity[0]);
  }
  return trend;
}

class OverlayMaker {
 public:
  OverlayMaker(data::Database& database, const Bundle& bundle, const OverlayOptions& options)
      : bundle_(bundle), options_(options), catalogue_(read_catalogue(database)) {
    const ItemNames names(bundle.ids());
    std::array<char, layout::kMaxIdBytes> id;
    for (std::uint32_t item = 0; item < bundle.item_count(); ++item) {
      ids_.emplace_back(names.id_of(item, id));
    }
    overlay_.base_hash = bundle.content_hash();
    compare_attributes();
    for (const auto& [id_of_new, row] : catalogue_) {
      if (!bundle.ids().find(id_of_new)) add(id_of_new, row);
    }
    if (overlay_.added.size() > kMostAdded) {
      throw base::Error(base::ExitCode::kDataUnusable,
                        fmt::format("The catalogue has {} items that the bundle does not know, but "
                                    "an overlay can have {} at most. Train a new bundle.",
                                    overlay_.added.size(), kMostAdded));
    }
    borrow();
    set_popularity(read_trend(database));
  }
  bundle::OverlayContents take() { return std::move(overlay_); }

 private:
  static constexpr std::size_t kMostAdded =
      layout::kNoCategory - 1;  // the capacity of a string table

  void compare_attributes() {
    const Catalog& catalog = bundle_.catalog();
    for (std::uint32_t item = 0; item < ids_.size(); ++item) {
      const auto row = catalogue_.find(ids_[item]);
      if (row == catalogue_.end()) {
        if (options_.complete && catalog.available(item)) overlay_.available.push_back(item);
        continue;
      }
      const auto& [id, now] = *row;
      const float price = now.attributes.price;
      if (options_.prices && price != layout::kNoPrice && price != catalog.price(item)) {
        overlay_.priced.push_back(item);
        overlay_.prices.push_back(price);
      }
      if (options_.available && now.attributes.available != catalog.available(item)) {
        overlay_.available.push_back(item);
      }
    }
  }

  void add(const std::string& id, const CatalogueRow& row) {
    const Catalog& catalog = bundle_.catalog();
    bundle::AddedItem& item = overlay_.added.emplace_back();
    item.id = id;
    item.category = known_category(catalog, row.attributes.category);
    if (const auto brand = catalog.brands().find(row.attributes.brand)) {
      item.brand = static_cast<std::uint16_t>(*brand);
    }
    item.price = row.attributes.price;
    item.available = row.attributes.available;
  }

  /// Finds alike items for the new items. find_alike needs the known items (the donors) in the
  /// order of their popularity.
  void borrow() {
    if (overlay_.added.empty()) return;
    const Popularity& popularity = bundle_.popularity();
    std::vector<std::uint32_t> donors;
    for (std::uint32_t item = 0; item < ids_.size(); ++item) {
      if (popularity.share(item) > 0.0F) donors.push_back(item);
    }
    std::sort(donors.begin(), donors.end(),
              [&](auto a, auto b) { return popularity.before(a, b); });
    std::vector<bundle::ItemAttributes> attributes;
    std::vector<std::string> titles;
    for (const std::uint32_t item : donors) {
      const auto row = catalogue_.find(ids_[item]);
      const bool there = row != catalogue_.end();
      attributes.push_back(there ? row->second.attributes : attributes_in(bundle_.catalog(), item));
      titles.push_back(there ? row->second.title : std::string());
    }
    for (const bundle::AddedItem& item : overlay_.added) {
      attributes.push_back(catalogue_[item.id].attributes);
      titles.push_back(catalogue_[item.id].title);
    }
    const recommend::AlikeItems alike = recommend::find_alike(
        recommend::content_vectors(attributes, titles), static_cast<std::uint32_t>(donors.size()),
        layout::kAlike, options_.threads);
    const float weight = borrowed_weight();
    for (std::uint32_t i = 0; i < alike.size(); ++i) {
      bundle::AddedItem& item = overlay_.added[i];
      std::size_t place = 0;
      for (std::uint64_t a = alike.offsets[i]; a < alike.offsets[i + 1]; ++a, ++place) {
        item.alike[place] = donors[alike.items[a]];
        item.shares[place] = static_cast<std::uint8_t>(255.0F * weight * alike.shares[a]);
      }
    }
  }

  /// Returns the weight of scores taken from other items, as training measured it for this shop.
  [[nodiscard]] float borrowed_weight() const {
    const auto metadata = nlohmann::json::parse(bundle_.metadata(), nullptr, false);
    const auto at = nlohmann::json::json_pointer("/settings/content/weight");
    const bool known = metadata.is_object() && metadata.contains(at) && metadata[at].is_number();
    return std::clamp(known ? metadata[at].get<float>() : 1.0F, 0.0F, 1.0F);
  }

  void set_popularity(const std::unordered_map<std::string, double>& trend) {
    const auto trending = [&](const std::string& id) -> std::optional<double> {
      const auto at = trend.find(id);
      return at == trend.end() ? std::nullopt : std::optional(at->second);
    };
    const double kept = trend.empty() ? 1.0 : 1.0 - options_.trend;
    std::vector<double> shares;
    for (std::uint32_t item = 0; item < ids_.size(); ++item) {
      shares.push_back(kept * static_cast<double>(bundle_.popularity().share(item)) +
                       options_.trend * trending(ids_[item]).value_or(0.0));
    }
    std::vector<double> of_added;
    for (const bundle::AddedItem& item : overlay_.added) {
      double share = options_.trend * trending(item.id).value_or(0.0);
      for (std::size_t a = 0; a < layout::kAlike; ++a) {
        share += kept * item.shares[a] / 255.0 *
                 static_cast<double>(bundle_.popularity().share(item.alike[a]));
      }
      of_added.push_back(share);
    }
    double best = *std::max_element(shares.begin(), shares.end());
    for (const double share : of_added) best = std::max(best, share);
    if (best == 0.0) return;
    const auto code = [best](double share) {
      return share > 0.0 ? bundle::popularity_code(share / best) : 0U;
    };
    for (std::size_t i = 0; i < of_added.size(); ++i) {
      overlay_.added[i].popularity = code(of_added[i]);
    }
    // Items without events in the trend all lose the same number of steps.
    overlay_.popularity_shift = trend.empty() ? 0U : 65535U - code(kept);
    for (std::uint32_t item = 0; item < ids_.size(); ++item) {
      if (!trending(ids_[item])) continue;
      overlay_.popular.push_back(item);
      overlay_.popularity.push_back(static_cast<std::uint16_t>(code(shares[item])));
    }
  }

  const Bundle& bundle_;
  OverlayOptions options_;
  Catalogue catalogue_;
  std::vector<std::string> ids_;  // ids of the bundle's items
  bundle::OverlayContents overlay_;
};

}  // namespace

bundle::OverlayContents make_overlay(data::Database& database, const Bundle& bundle,
                                     const OverlayOptions& options) {
  return OverlayMaker(database, bundle, options).take();
}

}  // namespace vitrine::release
