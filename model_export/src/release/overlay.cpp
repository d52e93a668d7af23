#include "release/overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/error.h"
#include "base/json.h"
#include "bundle/bundle_file.h"
#include "bundle/file_builder.h"
#include "recommend/models/content_vectors.h"

namespace vitrine::release {
namespace {

/// Returns the attributes of an item from the bundle's catalogue.
model::ItemAttributes attributes_in(const Catalog& catalog, std::uint32_t item) {
  model::ItemAttributes result{.price = catalog.price(item), .available = catalog.available(item)};
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
std::unordered_map<std::string, double> trend_of(const model::ItemTable& recent) {
  std::unordered_map<std::string, double> trend;
  for (std::size_t i = 0; i < recent.ids.size(); ++i) {
    trend.emplace(recent.ids[i], recent.popularity[i] / recent.popularity[0]);
  }
  return trend;
}

class OverlayMaker {
 public:
  OverlayMaker(const Bundle& bundle, const model::Catalogue& catalogue,
               const model::ItemTable& recent, const OverlayOptions& options)
      : bundle_(bundle), options_(options), catalogue_(catalogue) {
    const ItemNames names(bundle.ids());
    std::array<char, layout::kMaxIdBytes> id;
    for (std::uint32_t item = 0; item < bundle.item_count(); ++item) {
      ids_.emplace_back(names.id_of(item, id));
    }
    overlay_.base_hash = bundle.content_hash();
    compare_attributes();
    for (std::size_t row = 0; row < catalogue.ids.size(); ++row) {
      if (!bundle.ids().find(catalogue.ids[row])) add(row);
    }
    if (overlay_.added.size() > kMostAdded) {
      throw base::Error(base::ExitCode::kDataUnusable,
                        fmt::format("The catalogue has {} items that the bundle does not know, but "
                                    "an overlay can have {} at most. Train a new bundle.",
                                    overlay_.added.size(), kMostAdded));
    }
    borrow();
    set_popularity(trend_of(recent));
  }
  bundle::OverlayContents take() { return std::move(overlay_); }

 private:
  static constexpr std::size_t kMostAdded =
      layout::kNoCategory - 1;  // the capacity of a string table

  void compare_attributes() {
    const Catalog& catalog = bundle_.catalog();
    for (std::uint32_t item = 0; item < ids_.size(); ++item) {
      const std::optional<std::size_t> row = row_of(ids_[item]);
      if (!row) {
        if (options_.complete && catalog.available(item)) overlay_.available.push_back(item);
        continue;
      }
      const model::ItemAttributes& now = catalogue_.attributes[*row];
      const float price = now.price;
      if (options_.prices && price != layout::kNoPrice && price != catalog.price(item)) {
        overlay_.priced.push_back(item);
        overlay_.prices.push_back(price);
      }
      if (options_.available && now.available != catalog.available(item)) {
        overlay_.available.push_back(item);
      }
    }
  }

  /// The catalogue's row of an item, if it has one.
  [[nodiscard]] std::optional<std::size_t> row_of(const std::string& id) const {
    const auto at = std::lower_bound(catalogue_.ids.begin(), catalogue_.ids.end(), id);
    if (at == catalogue_.ids.end() || *at != id) return std::nullopt;
    return static_cast<std::size_t>(at - catalogue_.ids.begin());
  }

  void add(std::size_t row) {
    const Catalog& catalog = bundle_.catalog();
    const model::ItemAttributes& attributes = catalogue_.attributes[row];
    bundle::AddedItem& item = overlay_.added.emplace_back();
    item.id = catalogue_.ids[row];
    item.category = known_category(catalog, attributes.category);
    if (const auto brand = catalog.brands().find(attributes.brand)) {
      item.brand = static_cast<std::uint16_t>(*brand);
    }
    item.price = attributes.price;
    item.available = attributes.available;
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
    std::vector<model::ItemAttributes> attributes;
    std::vector<std::string> titles;
    for (const std::uint32_t item : donors) {
      const std::optional<std::size_t> row = row_of(ids_[item]);
      attributes.push_back(row ? catalogue_.attributes[*row]
                               : attributes_in(bundle_.catalog(), item));
      titles.push_back(row ? catalogue_.titles[*row] : std::string());
    }
    for (const bundle::AddedItem& item : overlay_.added) {
      const std::size_t row = row_of(item.id).value();
      attributes.push_back(catalogue_.attributes[row]);
      titles.push_back(catalogue_.titles[row]);
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
    const nlohmann::json settings = base::object_field(bundle::metadata_of(bundle_), "settings");
    double weight = 1.0;
    base::read_field(base::object_field(settings, "content"), "weight", weight);
    return static_cast<float>(std::clamp(weight, 0.0, 1.0));
  }

  void set_popularity(const std::unordered_map<std::string, double>& trend) {
    const auto trending = [&](const std::string& id) -> std::optional<double> {
      const auto at = trend.find(id);
      return at == trend.end() ? std::nullopt : std::optional(at->second);
    };
    const double kept = trend.empty() ? 1.0 : 1.0 - options_.trend;
    std::vector<double> shares;
    shares.reserve(ids_.size());
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
  const model::Catalogue& catalogue_;
  std::vector<std::string> ids_;  // of the bundle
  bundle::OverlayContents overlay_;
};

}  // namespace

bundle::OverlayContents make_overlay(const Bundle& bundle, const model::Catalogue& catalogue,
                                     const model::ItemTable& recent,
                                     const OverlayOptions& options) {
  return OverlayMaker(bundle, catalogue, recent, options).take();
}

}  // namespace vitrine::release
