#include "vitrine/format/settings.h"

#include <cstring>

#include "format/sections.h"

namespace vitrine {

Status read_settings(std::span<const std::byte> bytes, layout::Settings& settings) {
  std::span<const std::uint32_t> words;
  if (!view_as(bytes, bytes.size() / sizeof words[0], words)) return Status::kBadSettings;
  std::uint32_t before = 0;
  while (!words.empty()) {
    const std::uint32_t tag = words[0] & 0xFFFFU;
    const std::size_t count = words[0] >> 16U;
    words = words.subspan(1);
    if (tag <= before || count > words.size()) return Status::kBadSettings;
    before = tag;
    for (const layout::SettingField& field : layout::kSettingFields) {
      if (field.tag != tag) continue;
      if (field.count != count) return Status::kBadSettings;
      for (const std::uint32_t value : words.first(count)) {
        if (value < field.least || value > field.most) return Status::kBadSettings;
      }
      std::memcpy(reinterpret_cast<std::byte*>(&settings) + field.offset, words.data(),
                  count * sizeof words[0]);
    }
    words = words.subspan(count);
  }
  const layout::NeighbourSettings& neighbours = settings.neighbours;
  return neighbours.neighbours <= neighbours.sessions ? Status::kOk : Status::kBadSettings;
}

}  // namespace vitrine
