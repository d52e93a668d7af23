#include "vitrine/catalog.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "sections.h"
#include "utf8.h"

namespace vitrine {
namespace {

/// Three-way comparison byte by byte, `separator` before all others, so that "a/b" follows "a"
/// and precedes "a b": everything below a category stands right behind it.
int compare(std::string_view a, std::string_view b, char separator) {
  const std::size_t common = a.size() < b.size() ? a.size() : b.size();
  for (std::size_t i = 0; i < common; ++i) {
    if (a[i] == b[i]) continue;
    if (a[i] == separator) return -1;
    if (b[i] == separator) return 1;
    return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[i]) ? -1 : 1;
  }
  if (a.size() == b.size()) return 0;
  return a.size() < b.size() ? -1 : 1;
}

bool lies_below(std::string_view path, std::string_view parent) {
  return path.size() > parent.size() && path.starts_with(parent) && path[parent.size()] == '/';
}

/// One past the largest place in a table that is named; 0 when none is.
std::size_t places_used(std::span<const std::uint16_t> places) {
  static_assert(layout::kNoCategory == 0xFFFF && layout::kNoBrand == 0xFFFF);
  std::uint16_t used = 0;
  for (const std::uint16_t place : places) {
    used = std::max(used, static_cast<std::uint16_t>(place + 1U));  // none turns into 0
  }
  return used;
}

}  // namespace

Result<StringTable> StringTable::open(std::span<const std::byte> bytes, char separator) {
  StringTable table;
  if (bytes.empty()) return table;
  if (bytes.size() < 4) return Status::kBadStringTable;
  table.bytes_ = bytes;
  table.separator_ = separator;
  std::memcpy(&table.count_, bytes.data(), 4);
  const std::size_t offsets_end = 4 + (std::size_t{table.count_} + 1) * 4;
  if (table.count_ >= layout::kNoCategory || offsets_end > bytes.size()) {
    return Status::kBadStringTable;
  }
  std::uint32_t before = 0;
  for (std::uint32_t i = 0; i <= table.count_; ++i) {
    std::uint32_t offset = 0;
    std::memcpy(&offset, bytes.data() + 4 + std::size_t{i} * 4, 4);
    if (offset < before || (i == 0 && offset != 0)) return Status::kBadStringTable;
    before = offset;
  }
  if (before != bytes.size() - offsets_end) return Status::kBadStringTable;
  for (std::uint32_t i = 0; i < table.count_; ++i) {
    const std::string_view text = table[i];
    if (text.empty() || !is_utf8(text)) return Status::kBadStringTable;
    if (i > 0 && compare(table[i - 1], text, separator) >= 0) return Status::kBadStringTable;
  }
  return table;
}

std::string_view StringTable::operator[](std::uint32_t index) const {
  std::uint32_t bounds[2];
  std::memcpy(bounds, bytes_.data() + 4 + std::size_t{index} * 4, 8);
  const std::size_t text = 4 + (std::size_t{count_} + 1) * 4;
  return {reinterpret_cast<const char*>(bytes_.data()) + text + bounds[0], bounds[1] - bounds[0]};
}

std::optional<std::uint32_t> StringTable::find(std::string_view text) const {
  std::uint32_t low = 0;
  std::uint32_t high = count_;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const int order = compare((*this)[middle], text, separator_);
    if (order == 0) return middle;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

Result<Catalog> Catalog::open(const Sections& sections, std::uint32_t item_count) {
  Catalog catalog;
  Result<StringTable> categories = StringTable::open(sections.categories, '/');
  if (!categories.ok()) return categories.status();
  catalog.categories_ = categories.value();
  Result<StringTable> brands = StringTable::open(sections.brands);
  if (!brands.ok()) return brands.status();
  catalog.brands_ = brands.value();

  if (!view_as(sections.item_category, item_count, catalog.item_category_) ||
      !view_as(sections.item_brand, item_count, catalog.item_brand_) ||
      !view_as(sections.item_price, item_count, catalog.item_price_) ||
      !view_as(sections.item_available, (std::size_t{item_count} + 7) / 8,
               catalog.item_available_)) {
    return Status::kBadSectionSize;
  }
  if (places_used(catalog.item_category_) > catalog.categories_.size() ||
      places_used(catalog.item_brand_) > catalog.brands_.size()) {
    return Status::kBadCatalog;
  }
  bool prices_ok = true;
  for (const float price : catalog.item_price_) {
    prices_ok &=
        (price >= 0.0F && price <= std::numeric_limits<float>::max()) || price == layout::kNoPrice;
  }
  if (!prices_ok) return Status::kBadCatalog;

  // Subtrees are ranges: walking backwards, a category ends where the first one outside begins.
  const std::uint32_t count = catalog.categories_.size();
  catalog.subtree_end_.resize(count);
  for (std::uint32_t i = count; i-- > 0;) {
    std::uint32_t end = i + 1;
    while (end < count && lies_below(catalog.categories_[end], catalog.categories_[i])) {
      end = catalog.subtree_end_[end];
    }
    catalog.subtree_end_[i] = end;
  }
  return catalog;
}

}  // namespace vitrine
