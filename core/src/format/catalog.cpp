#include "vitrine/format/catalog.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "format/sections.h"
#include "format/utf8.h"

namespace vitrine {
namespace {

/// Compares byte by byte and sorts `separator` before all other bytes. So "a/b" follows "a" and
/// comes before "a b", and all subcategories stand directly behind their category.
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

/// Returns one past the largest table index that occurs in `places`, or 0 when none occurs.
std::size_t places_used(std::span<const std::uint16_t> places) {
  static_assert(layout::kNoCategory == 0xFFFF && layout::kNoBrand == 0xFFFF);
  std::uint16_t used = 0;
  for (const std::uint16_t place : places) {
    used = std::max(used, static_cast<std::uint16_t>(place + 1U));  // kNone overflows to 0
  }
  return used;
}

/// Returns true when every price is finite and not negative.
bool prices_ok(std::span<const float> prices) {
  bool ok = true;
  for (const float price : prices) {
    ok &=
        (price >= 0.0F && price <= std::numeric_limits<float>::max()) || price == layout::kNoPrice;
  }
  return ok;
}

/// Copies the values `known` (may be empty) and then `more` to `at`, and makes `known` a view of
/// these `count` values. Missing values get all bits set. Returns the end of the copy.
template <typename T>
std::byte* copy_values(std::byte* at, std::span<const T>& known, std::size_t known_count,
                       std::span<const T> more, std::size_t count) {
  std::memset(at, 0xFF, count * sizeof(T));
  if (!known.empty()) std::memcpy(at, known.data(), known.size_bytes());
  if (!more.empty()) std::memcpy(at + known_count * sizeof(T), more.data(), more.size_bytes());
  known = {reinterpret_cast<const T*>(at), count};
  return at + count * sizeof(T);
}

}  // namespace

bool StringTable::open(std::span<const std::byte> bytes, char separator) {
  if (bytes.empty()) return true;
  if (bytes.size() < 4) return false;
  bytes_ = bytes;
  separator_ = separator;
  std::memcpy(&count_, bytes.data(), 4);
  const std::size_t offsets_end = 4 + (std::size_t{count_} + 1) * 4;
  if (count_ >= layout::kNoCategory || offsets_end > bytes.size()) {
    return false;
  }
  std::uint32_t before = 0;
  for (std::uint32_t i = 0; i <= count_; ++i) {
    std::uint32_t offset = 0;
    std::memcpy(&offset, bytes.data() + 4 + std::size_t{i} * 4, 4);
    if (offset < before || (i == 0 && offset != 0)) return false;
    before = offset;
  }
  if (before != bytes.size() - offsets_end) return false;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::string_view text = (*this)[i];
    if (text.empty() || !is_utf8(text)) return false;
    if (i > 0 && compare((*this)[i - 1], text, separator) >= 0) return false;
  }
  return true;
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
  if (!catalog.categories_.open(sections.categories, '/') ||
      !catalog.brands_.open(sections.brands)) {
    return Status::kBadStringTable;
  }

  if (!view_as(sections.item_category, item_count, catalog.file_.category) ||
      !view_as(sections.item_brand, item_count, catalog.file_.brand) ||
      !view_as(sections.item_price, item_count, catalog.file_.price) ||
      !view_as(sections.item_available, (std::size_t{item_count} + 7) / 8,
               catalog.file_.available)) {
    return Status::kBadSectionSize;
  }
  if (places_used(catalog.file_.category) > catalog.categories_.size() ||
      places_used(catalog.file_.brand) > catalog.brands_.size()) {
    return Status::kBadCatalog;
  }
  if (!prices_ok(catalog.file_.price)) return Status::kBadCatalog;

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
  catalog.now_ = catalog.file_;
  return catalog;
}

Status Catalog::change(const Changes& changes, std::uint32_t item_count) {
  if (places_used(changes.added_category) > categories_.size() ||
      places_used(changes.added_brand) > brands_.size() || !prices_ok(changes.added_price) ||
      !prices_ok(changes.prices)) {
    return Status::kBadCatalog;
  }
  static_assert(layout::kNoCategory == 0xFFFF && layout::kNoBrand == 0xFFFF);
  const std::size_t count = std::size_t{item_count} + changes.added;
  now_ = file_;
  const bool priced = !file_.price.empty();
  std::unique_ptr<std::byte[]> changed(new std::byte[9 * count + 1]);
  std::byte* at = changed.get();
  auto* prices = reinterpret_cast<float*>(at);
  at = copy_values(at, now_.price, item_count, changes.added_price, count);
  at = copy_values(at, now_.category, item_count, changes.added_category, count);
  at = copy_values(at, now_.brand, item_count, changes.added_brand, count);
  auto* available = reinterpret_cast<std::uint8_t*>(at);
  copy_values(at, now_.available, 0, {}, (count + 7) / 8);
  for (std::size_t i = priced ? item_count : 0; i < count; ++i) {
    if (i < item_count || changes.added_price.empty()) prices[i] = layout::kNoPrice;
  }
  for (std::size_t i = 0; i < changes.priced.size(); ++i) {
    prices[changes.priced[i]] = changes.prices[i];
  }
  const auto bit = [](std::size_t item) { return static_cast<std::uint8_t>(1U << (item % 8)); };
  for (const std::uint32_t item : changes.available) available[item / 8] ^= bit(item);
  for (std::size_t i = 0; i < changes.added; ++i) {
    const std::size_t item = item_count + i;
    const bool has =
        changes.added_available.empty() || (changes.added_available[i / 8] & bit(i)) != 0;
    available[item / 8] =
        static_cast<std::uint8_t>((available[item / 8] & ~bit(item)) | (has ? bit(item) : 0));
  }
  changed_ = std::move(changed);
  return Status::kOk;
}

}  // namespace vitrine
