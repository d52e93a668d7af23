#include "vitrine/format/item_ids.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "format/utf8.h"

namespace vitrine {
namespace {

/// Reads one block of front-coded ids in place. Each id consists of a varint (the number of bytes
/// shared with the previous id), a varint (the number of bytes that follow), and these bytes.
class BlockReader {
 public:
  BlockReader(const std::byte* begin, const std::byte* end) : at_(begin), end_(end) {}

  /// Moves to the next id, which consists of shared() bytes of the previous id and of rest().
  /// Returns false when the bytes are malformed.
  bool next() {
    std::uint32_t rest = 0;
    if (!varint(shared_) || !varint(rest)) return false;
    if (shared_ > size_ || rest > layout::kMaxIdBytes - shared_) return false;
    if (rest > static_cast<std::size_t>(end_ - at_)) return false;
    rest_ = {reinterpret_cast<const char*>(at_), rest};
    at_ += rest;
    size_ = shared_ + rest;
    return true;
  }
  [[nodiscard]] std::uint32_t shared() const { return shared_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  /// Returns the length of the complete id.
  [[nodiscard]] std::uint32_t size() const { return size_; }
  /// Writes the id. Precondition: `text` holds the previous id and has room for kMaxIdBytes.
  void write(char* text) const { std::memcpy(text + shared_, rest_.data(), rest_.size()); }
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
  std::uint32_t shared_ = 0;
  std::uint32_t size_ = 0;
  std::string_view rest_;
};

/// Returns the length of the common beginning of `a` and `b`. The first `known` bytes are known to
/// be equal. A loop is faster here than memcmp because ids are short.
std::size_t alike(std::string_view a, std::string_view b, std::size_t known = 0) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t same = std::min(known, most);
  while (same < most && a[same] == b[same]) ++same;
  return same;
}

bool precedes(char a, char b) {
  return static_cast<unsigned char>(a) < static_cast<unsigned char>(b);
}

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
  return result;
}

Status ItemIds::verify() const {
  std::array<char, layout::kMaxIdBytes> previous;
  std::array<char, layout::kMaxIdBytes> text;
  std::uint32_t previous_size = 0;
  for (std::uint32_t block = 0, rank = 0; block < block_count_; ++block) {
    BlockReader reader(block_begin(block), block_begin(block + 1));
    for (std::uint32_t i = 0; i < layout::kIdBlock && rank < item_count_; ++i, ++rank) {
      if (!reader.next()) return Status::kBadIds;
      reader.write(text.data());
      const std::string_view id(text.data(), reader.size());
      if (id.empty() || !is_utf8(id)) return Status::kBadIds;
      if (rank > 0 && id <= std::string_view(previous.data(), previous_size))
        return Status::kBadIds;
      std::memcpy(previous.data(), id.data(), id.size());
      previous_size = reader.size();
    }
    if (!reader.done()) return Status::kBadIds;
  }
  std::vector<bool> numbered(item_count_);
  for (std::uint32_t rank = 0; rank < item_count_; ++rank) {
    const std::uint32_t item = order_[rank];
    if (item >= item_count_ || numbered[item]) return Status::kBadIdOrder;
    numbered[item] = true;
  }
  return Status::kOk;
}

std::uint32_t ItemIds::block_offset(std::uint32_t block) const {
  std::uint32_t offset = 0;
  std::memcpy(&offset, bytes_.data() + std::size_t{block} * 4, 4);
  return offset;
}

const std::byte* ItemIds::block_begin(std::uint32_t block) const {
  return bytes_.data() + block_offset(block);
}

std::optional<std::uint32_t> ItemIds::find(std::string_view id) const {
  if (const auto added = added_.find(id)) return item_count_ + *added;
  // Find the last block whose first id is not after `id`.
  std::uint32_t low = 0;
  std::uint32_t high = block_count_;
  // All ids between two ids that share a beginning with `id` share that beginning too.
  std::size_t below = 0;
  std::size_t above = 0;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    BlockReader reader(block_begin(middle), block_begin(middle + 1));
    if (!reader.next()) return std::nullopt;
    const std::string_view first = reader.rest();
    const std::size_t same = alike(first, id, std::min(below, above));
    if (same == first.size() || (same < id.size() && precedes(first[same], id[same]))) {
      low = middle + 1;
      below = same;
    } else {
      high = middle;
      above = same;
    }
  }
  if (low == 0) return std::nullopt;
  const std::uint32_t block = low - 1;
  const std::uint32_t ranks = std::min(layout::kIdBlock, item_count_ - block * layout::kIdBlock);
  BlockReader reader(block_begin(block), block_begin(block + 1));
  std::size_t known =
      0;  // length of the beginning that `id` shares with the previous id of the block
  for (std::uint32_t i = 0; i < ranks && reader.next(); ++i) {
    if (reader.shared() > known)
      continue;  // the entry differs from `id` at the same byte as the previous one
    const std::string_view wanted = id.substr(reader.shared());
    const std::string_view rest = reader.rest();
    const std::size_t same = alike(wanted, rest);
    if (same == wanted.size()) {
      const std::uint32_t item = order_[block * layout::kIdBlock + i];
      if (same == rest.size() && item < item_count_) return item;
      break;
    }
    if (same < rest.size() && precedes(wanted[same], rest[same])) break;
    known = reader.shared() + same;
  }
  return std::nullopt;
}

ItemNames::ItemNames(const ItemIds& ids) : ids_(&ids), rank_(ids.item_count_) {
  for (std::uint32_t rank = 0; rank < ids.item_count_; ++rank) {
    const std::uint32_t item = ids.order_[rank];
    if (item < ids.item_count_) rank_[item] = rank;
  }
}

std::string_view ItemNames::id_of(std::uint32_t item, std::span<char> out) const {
  assert(item < rank_.size() + ids_->added_.size() && out.size() >= layout::kMaxIdBytes);
  if (item >= rank_.size()) {
    const std::string_view id = ids_->added_[item - ids_->item_count_];
    std::memcpy(out.data(), id.data(), id.size());
    return {out.data(), id.size()};
  }
  const std::uint32_t rank = rank_[item];
  const std::uint32_t block = rank / layout::kIdBlock;
  BlockReader reader(ids_->block_begin(block), ids_->block_begin(block + 1));
  for (std::uint32_t i = 0; i <= rank % layout::kIdBlock; ++i) {
    if (!reader.next()) return {};
    reader.write(out.data());
  }
  return {out.data(), reader.size()};
}

}  // namespace vitrine
