#include "vitrine/session_rows.h"

#include "sections.h"

namespace vitrine {
namespace {

/// Walks over the entries of rows that nobody vouches for.
class EntryReader {
 public:
  explicit EntryReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  /// Reads the gap of the next entry. Returns false when it is malformed or ends outside.
  [[nodiscard]] bool next(std::uint32_t& gap) {
    std::uint32_t byte = 0;
    if (!take(byte)) return false;
    gap = byte >> 4U;
    if (gap < layout::kShortGaps) return true;
    if (gap < 15) {
      if (!take(byte)) return false;
      gap = layout::kShortGaps + (gap - layout::kShortGaps) * 256 + byte;
      return true;
    }
    gap = layout::kLongGap;
    for (unsigned i = 0; i < layout::kGapBytes; ++i) {
      if (!take(byte)) return false;
      gap += (byte & 0x7FU) << (7 * i);
      if (byte < 0x80) return true;
    }
    return false;
  }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool done() const { return at_ == bytes_.size(); }

 private:
  [[nodiscard]] bool take(std::uint32_t& byte) {
    if (done()) return false;
    byte = std::to_integer<std::uint32_t>(bytes_[at_++]);
    return true;
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Result<SessionRows> SessionRows::open(const Sections& sections, std::uint32_t item_count,
                                      std::uint32_t entry_count) {
  SessionRows rows;
  std::span<const float> levels;
  const std::size_t lengths = std::size_t{2} * item_count;
  if ((!rows.lengths_.open(sections.lengths, lengths, 1) &&
       !rows.lengths_.open(sections.lengths, lengths, 2)) ||
      !view_as(sections.levels, layout::kLevels, levels) || sections.entries.size() > 0xFFFFFFFF) {
    return Status::kBadSectionSize;
  }
  for (const float level : levels) {
    if (!(level >= 0.0F && level <= 1e6F)) return Status::kBadSessionRows;  // sums stay finite
  }
  rows.begins_.resize(item_count);
  EntryReader reader(sections.entries);
  std::uint64_t total = 0;
  for (std::uint32_t item = 0; item < item_count; ++item) {
    rows.begins_[item] = static_cast<std::uint32_t>(reader.at());
    const std::uint32_t up = rows.lengths_[item];
    const std::uint32_t down = rows.lengths_[item_count + item];
    total += up + down;
    std::uint32_t gap = 0;
    std::uint32_t room = item_count - item;  // numbers from `item` up
    for (std::uint32_t i = 0; i < up; ++i) {
      if (!reader.next(gap) || gap >= room) return Status::kBadSessionRows;
      room -= gap + 1;
    }
    room = item;  // numbers below it
    for (std::uint32_t i = 0; i < down; ++i) {
      if (!reader.next(gap) || gap >= room) return Status::kBadSessionRows;
      room -= gap + 1;
    }
  }
  if (total != entry_count || !reader.done()) return Status::kBadSessionRows;
  rows.item_count_ = item_count;
  rows.levels_ = levels.data();
  rows.entries_ = reinterpret_cast<const std::uint8_t*>(sections.entries.data());
  return rows;
}

float SessionRows::find(std::uint32_t item, std::uint32_t target) const {
  if (empty()) return 0.0F;
  const std::uint8_t* at = entries_ + begins_[item];
  std::uint32_t next = item;
  for (std::uint32_t left = lengths_[item]; left > 0; --left) {
    const float weight = levels_[*at & 15U];
    next += gap(at);
    if (next == target) return weight;
    if (next > target && target >= item) return 0.0F;  // beyond it, on its side
    ++next;
  }
  next = item;
  for (std::uint32_t left = lengths_[item_count_ + item]; left > 0 && next > target; --left) {
    const float weight = levels_[*at & 15U];
    next -= gap(at) + 1;
    if (next == target) return weight;
  }
  return 0.0F;
}

}  // namespace vitrine
