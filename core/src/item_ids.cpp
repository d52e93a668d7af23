#include "vitrine/item_ids.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "utf8.h"

namespace vitrine {
namespace {

/// Reads one block of front-coded ids. Each id is a varint of the bytes shared with the one before,
/// a varint of the bytes that follow, and those.
class BlockReader {
 public:
  BlockReader(const std::byte* begin, const std::byte* end) : at_(begin), end_(end) {}

  /// Makes text() the next id. Returns false when the bytes are malformed.
  bool next() {
    std::uint32_t shared = 0;
    std::uint32_t rest = 0;
    if (!varint(shared) || !varint(rest)) return false;
    if (shared > size_ || rest > layout::kMaxIdBytes - shared) return false;
    if (rest > static_cast<std::size_t>(end_ - at_)) return false;
    std::memcpy(text_.data() + shared, at_, rest);
    at_ += rest;
    size_ = shared + rest;
    return true;
  }
  [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }
  [[nodiscard]] bool done() const { return at_ == end_; }

 private:
  bool varint(std::uint32_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 14; shift += 7) {  // kMaxIdBytes fits into two bytes
      if (at_ == end_) return false;
      const auto byte = std::to_integer<std::uint32_t>(*at_++);
      value |= (byte & 0x7FU) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  const std::byte* at_;
  const std::byte* end_;
  std::array<char, layout::kMaxIdBytes> text_;
  std::size_t size_ = 0;
};

}  // namespace

Result<ItemIds> ItemIds::open(std::span<const std::byte> ids, std::span<const std::byte> order,
                              std::uint32_t item_count) {
  ItemIds result;
  result.bytes_ = ids;
  result.item_count_ = item_count;
  result.block_count_ = (item_count + layout::kIdBlock - 1) / layout::kIdBlock;
  const std::size_t offsets_size = (std::size_t{result.block_count_} + 1) * 4;
  if (ids.size() < offsets_size) return Status::kBadIds;
  if (!result.order_.open(order, item_count, item_count <= 65536 ? 2 : 3)) {
    return Status::kBadIdOrder;
  }

  if (result.block_offset(0) != offsets_size) return Status::kBadIds;
  if (result.block_offset(result.block_count_) != ids.size()) return Status::kBadIds;
  for (std::uint32_t block = 0; block < result.block_count_; ++block) {
    if (result.block_offset(block) > result.block_offset(block + 1)) return Status::kBadIds;
  }

  constexpr std::uint32_t kUnset = 0xFFFFFFFF;
  result.rank_.assign(item_count, kUnset);
  for (std::uint32_t rank = 0; rank < item_count; ++rank) {
    const std::uint32_t item = result.order_[rank];
    if (item >= item_count || result.rank_[item] != kUnset) return Status::kBadIdOrder;
    result.rank_[item] = rank;
  }
  return result;
}

bool ItemIds::verify() const {
  std::array<char, layout::kMaxIdBytes> previous;
  std::size_t previous_size = 0;
  for (std::uint32_t block = 0, rank = 0; block < block_count_; ++block) {
    BlockReader reader(bytes_.data() + block_offset(block),
                       bytes_.data() + block_offset(block + 1));
    for (std::uint32_t i = 0; i < layout::kIdBlock && rank < item_count_; ++i, ++rank) {
      if (!reader.next()) return false;
      const std::string_view text = reader.text();
      if (text.empty() || !is_utf8(text)) return false;
      if (rank > 0 && text <= std::string_view(previous.data(), previous_size)) return false;
      std::memcpy(previous.data(), text.data(), text.size());
      previous_size = text.size();
    }
    if (!reader.done()) return false;
  }
  return true;
}

std::uint32_t ItemIds::block_offset(std::uint32_t block) const {
  std::uint32_t offset = 0;
  std::memcpy(&offset, bytes_.data() + std::size_t{block} * 4, 4);
  return offset;
}

std::optional<std::uint32_t> ItemIds::find(std::string_view id) const {
  if (const auto added = added_.find(id)) return item_count_ + *added;
  // The last block whose first id is not after `id`.
  std::uint32_t low = 0;
  std::uint32_t high = block_count_;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    BlockReader reader(bytes_.data() + block_offset(middle),
                       bytes_.data() + block_offset(middle + 1));
    if (!reader.next()) return std::nullopt;
    if (reader.text() <= id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return std::nullopt;
  const std::uint32_t block = low - 1;
  BlockReader reader(bytes_.data() + block_offset(block), bytes_.data() + block_offset(block + 1));
  const std::uint32_t ranks = std::min(layout::kIdBlock, item_count_ - block * layout::kIdBlock);
  for (std::uint32_t i = 0; i < ranks && reader.next(); ++i) {
    if (reader.text() == id) return order_[block * layout::kIdBlock + i];
    if (reader.text() > id) break;
  }
  return std::nullopt;
}

std::string_view ItemIds::id_of(std::uint32_t item, std::span<char> out) const {
  assert(item < item_count_ + added_.size() && out.size() >= layout::kMaxIdBytes);
  if (item >= item_count_) {
    const std::string_view id = added_[item - item_count_];
    std::memcpy(out.data(), id.data(), id.size());
    return {out.data(), id.size()};
  }
  const std::uint32_t rank = rank_[item];
  const std::uint32_t block = rank / layout::kIdBlock;
  BlockReader reader(bytes_.data() + block_offset(block), bytes_.data() + block_offset(block + 1));
  for (std::uint32_t i = 0; i <= rank % layout::kIdBlock; ++i) {
    if (!reader.next()) return {};
  }
  std::memcpy(out.data(), reader.text().data(), reader.text().size());
  return {out.data(), reader.text().size()};
}

}  // namespace vitrine
