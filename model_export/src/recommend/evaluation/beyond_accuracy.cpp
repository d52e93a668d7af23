#include "recommend/evaluation/beyond_accuracy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace vitrine::recommend {
namespace {

constexpr std::size_t kRowPlaces = 20;

/// Returns the share of pairs with different values. An item with the value `none` is different
/// from all items, also from another one with `none`.
double differing(std::vector<std::uint16_t>& values, std::uint16_t none) {
  std::sort(values.begin(), values.end());
  const auto count = static_cast<double>(values.size());
  double alike = 0.0;
  for (std::size_t begin = 0, end = 0; begin < values.size(); begin = end) {
    while (end < values.size() && values[end] == values[begin]) ++end;
    const auto run = static_cast<double>(end - begin);
    if (values[begin] != none) alike += run * (run - 1.0);
  }
  return 1.0 - alike / (count * (count - 1.0));
}

}  // namespace

std::string_view words(DiversityBy by) {
  switch (by) {
    case DiversityBy::kCatalogue:
      return "different category and brand";
    case DiversityBy::kEmbeddings:
      return "1 - cosine of embeddings";
    case DiversityBy::kSessionRows:
      return "no session row from one to the other";
  }
  return "";
}

ListMetrics::ListMetrics(const Bundle& ranked, const Bundle& reference)
    : reference_(&reference), missing_(reference.item_count()) {
  const std::uint32_t n = reference.item_count();
  if (&ranked != &reference) {
    const ItemNames names(ranked.ids());
    std::array<char, layout::kMaxIdBytes> id;
    numbers_.resize(ranked.item_count());
    for (std::uint32_t item = 0; item < ranked.item_count(); ++item) {
      numbers_[item] = reference.ids().find(names.id_of(item, id)).value_or(missing_);
    }
  }
  double all = 0.0;
  double rarest = 1.0;
  for (std::uint32_t item = 0; item < n; ++item) {
    const double popularity = reference.popularity().share(item);
    all += popularity;
    if (popularity > 0.0) rarest = popularity;
  }
  double sum = 0.0;
  tail_ = n;
  bits_.resize(std::size_t{n} + 1);
  for (std::uint32_t item = 0; item <= n; ++item) {
    const double popularity =
        item < n ? static_cast<double>(reference.popularity().share(item)) : 0.0;
    bits_[item] = all > 0.0 ? -std::log2(std::max(popularity, rarest) / all) : 0.0;
    if (item == n) break;
    // The class of an item depends on the events of the more popular items before it.
    if (sum < kHeadShare * all) head_ = item + 1;
    if (sum >= (1.0 - kTailShare) * all) tail_ = std::min(tail_, item);
    sum += popularity;
  }
  const Catalog& catalog = reference.catalog();
  const Embeddings& embeddings = reference.embeddings();
  if (catalog.categories().size() + catalog.brands().size() > 0) {
    by_ = DiversityBy::kCatalogue;
  } else if (embeddings.dims > 0) {
    by_ = DiversityBy::kEmbeddings;
    unit_.resize(n);
    for (std::uint32_t item = 0; item < n; ++item) {
      const std::int8_t* codes = &embeddings.codes[std::size_t{item} * embeddings.stride];
      int squares = 0;
      for (std::uint32_t d = 0; d < embeddings.dims; ++d) squares += codes[d] * codes[d];
      unit_[item] = squares > 0 ? 1.0F / std::sqrt(static_cast<float>(squares)) : 0.0F;
    }
  }
}

double ListMetrics::diversity(std::span<const Ranked> list) const {
  if (list.size() < 2) return 0.0;
  switch (by_) {
    case DiversityBy::kCatalogue:
      return by_catalogue(list);
    case DiversityBy::kEmbeddings:
      return by_embeddings(list);
    case DiversityBy::kSessionRows:
      return by_session_rows(list);
  }
  return 0.0;
}

double ListMetrics::by_catalogue(std::span<const Ranked> list) const {
  const Catalog& catalog = reference_->catalog();
  std::vector<std::uint16_t> values(list.size());
  const auto share = [&](std::uint16_t none, const auto& value_of) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::uint32_t item = of(list[i].item);
      values[i] = item == missing_ ? none : value_of(item);
    }
    return differing(values, none);
  };
  double sum = 0.0;
  double parts = 0.0;
  if (catalog.categories().size() > 0) {
    sum += share(layout::kNoCategory, [&](std::uint32_t item) { return catalog.category(item); });
    parts += 1.0;
  }
  if (catalog.brands().size() > 0) {
    sum += share(layout::kNoBrand, [&](std::uint32_t item) { return catalog.brand(item); });
    parts += 1.0;
  }
  return sum / parts;
}

// Computes the mean over all pairs at once: |sum of unit vectors|^2 is the sum of the cosines of
// all pairs, each pair counted twice, plus the cosine of each item with itself.
double ListMetrics::by_embeddings(std::span<const Ranked> list) const {
  const Embeddings& embeddings = reference_->embeddings();
  std::array<double, layout::kMaxDims> sum{};
  double with_self = 0.0;
  for (const Ranked& ranked : list) {
    const std::uint32_t item = of(ranked.item);
    if (item == missing_ || unit_[item] == 0.0F) continue;
    with_self += 1.0;
    const std::int8_t* codes = &embeddings.codes[std::size_t{item} * embeddings.stride];
    for (std::uint32_t d = 0; d < embeddings.dims; ++d) {
      sum[d] += static_cast<double>(unit_[item] * static_cast<float>(codes[d]));
    }
  }
  double squares = 0.0;
  for (std::uint32_t d = 0; d < embeddings.dims; ++d) squares += sum[d] * sum[d];
  const auto count = static_cast<double>(list.size());
  return std::clamp(1.0 - (squares - with_self) / (count * (count - 1.0)), 0.0, 1.0);
}

double ListMetrics::by_session_rows(std::span<const Ranked> list) const {
  const SessionRows& rows = reference_->session_rows();
  list = list.first(std::min(list.size(), kRowPlaces));
  double linked = 0.0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    for (std::size_t j = i + 1; j < list.size(); ++j) {
      const std::uint32_t a = of(list[i].item);
      const std::uint32_t b = of(list[j].item);
      if (rows.empty() || a == missing_ || b == missing_) continue;
      if (rows.find(a, b) > 0.0F || rows.find(b, a) > 0.0F) {
        linked += 2.0;
      }
    }
  }
  const auto count = static_cast<double>(list.size());
  return 1.0 - linked / (count * (count - 1.0));
}

double gini(std::vector<std::uint32_t> shown) {
  std::sort(shown.begin(), shown.end());
  const auto n = static_cast<double>(shown.size());
  double sum = 0.0;
  double ranked = 0.0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    sum += shown[i];
    ranked += (2.0 * static_cast<double>(i + 1) - n - 1.0) * shown[i];
  }
  return sum > 0.0 ? ranked / (n * sum) : 0.0;
}

std::vector<double> lorenz_curve(std::vector<std::uint32_t> shown, std::size_t points) {
  std::sort(shown.begin(), shown.end());
  const double all = std::accumulate(shown.begin(), shown.end(), 0.0);
  std::vector<double> curve;
  double sum = 0.0;
  std::size_t item = 0;
  for (std::size_t p = 0; p < points; ++p) {
    const std::size_t upto = shown.size() * p / (points - 1);
    for (; item < upto; ++item) sum += shown[item];
    curve.push_back(all > 0.0 ? sum / all : 0.0);
  }
  return curve;
}

}  // namespace vitrine::recommend
