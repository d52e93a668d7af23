#include "vitrine/format/session_rows.h"

#include "format/sections.h"

namespace vitrine {

Result<SessionRows> SessionRows::open(const Sections& sections, std::uint32_t item_count) {
  SessionRows rows;
  std::span<const float> levels;
  const std::size_t lengths = std::size_t{2} * item_count;
  if ((!rows.lengths_.open(sections.lengths, lengths, 1) &&
       !rows.lengths_.open(sections.lengths, lengths, 2)) ||
      !view_as(sections.levels, layout::kLevels, levels) || sections.entries.size() > 0xFFFFFFFF) {
    return Status::kBadSectionSize;
  }
  for (const float level : levels) {
    // The upper bound keeps sums of weights finite.
    if (!(level >= 0.0F && level <= 1e6F)) return Status::kBadSessionRows;
  }
  rows.begins_.resize(std::size_t{item_count} + 1);
  std::uint64_t begin = 0;
  for (std::uint32_t item = 0; item < item_count; ++item) {
    begin += rows.lengths_[item_count + item];
    rows.begins_[item + 1] = static_cast<std::uint32_t>(begin);
  }
  if (begin != sections.entries.size()) return Status::kBadSessionRows;
  rows.item_count_ = item_count;
  rows.levels_ = levels.data();
  rows.entries_ = reinterpret_cast<const std::uint8_t*>(sections.entries.data());
  return rows;
}

bool SessionRows::verify(std::uint32_t entry_count) const {
  std::uint64_t total = 0;
  for (std::uint32_t item = 0; item < item_count_; ++item) {
    if (!each(item, [&](std::uint32_t, float) { ++total; })) return false;
  }
  return total == entry_count;
}

float SessionRows::find(std::uint32_t item, std::uint32_t target) const {
  if (empty()) return 0.0F;
  float found = 0.0F;
  walk(item, [&](std::uint32_t other, float weight) {
    if (other == target) found = weight;
    // Targets are stored by their distance from the item in each of the two directions. The search
    // can stop in a direction once it has passed the target.
    return target >= item ? other < target : other >= item || other > target;
  });
  return found;
}

}  // namespace vitrine
