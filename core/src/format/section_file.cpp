#include "vitrine/format/section_file.h"

#include <cstring>

#include "vitrine/format/content_hash.h"

namespace vitrine {

Status SectionFile::open(std::span<const std::byte> bytes, const char (&magic)[8],
                         std::uint32_t version, Checksum checksum) {
  bytes_ = bytes;
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % layout::kBufferAlignment != 0) {
    return Status::kMisaligned;
  }
  if (bytes.size() < sizeof magic) return Status::kTruncated;
  if (std::memcmp(bytes.data(), magic, sizeof magic) != 0) return Status::kBadMagic;
  if (bytes.size() < sizeof(layout::Header)) return Status::kTruncated;
  // Bundles and overlays have the same header layout.
  const auto& header = *reinterpret_cast<const layout::Header*>(bytes.data());
  if (header.version != version) return Status::kUnsupportedVersion;
  if (bytes.size() < header.file_size) return Status::kTruncated;
  if (bytes.size() > header.file_size) return Status::kTrailingBytes;
  if (checksum == Checksum::kVerify &&
      content_hash(bytes.subspan(layout::kHashedFrom)) != header.content_hash) {
    return Status::kHashMismatch;
  }
  return read_table(header.section_count);
}

Status SectionFile::read_table(std::size_t count) {
  if (count > layout::kMaxSections) return Status::kBadSectionTable;
  const std::size_t table_end = sizeof(layout::Header) + count * sizeof(layout::Section);
  if (table_end > bytes_.size()) return Status::kBadSectionTable;
  table_ = {reinterpret_cast<const layout::Section*>(bytes_.data() + sizeof(layout::Header)),
            count};
  std::uint64_t free_from = table_end;  // sections stand in file order, so none overlaps
  for (std::size_t i = 0; i < count; ++i) {
    const layout::Section& entry = table_[i];
    if (entry.offset % layout::kAlignment != 0 || entry.offset < free_from ||
        entry.offset > bytes_.size() || entry.size > bytes_.size() - entry.offset ||
        entry.reserved != 0) {
      return Status::kBadSectionTable;
    }
    free_from = entry.offset + entry.size;
    for (std::size_t k = 0; k < i; ++k) {
      if (table_[k].kind == entry.kind) return Status::kBadSectionTable;
    }
  }
  return Status::kOk;
}

std::span<const std::byte> SectionFile::section(layout::SectionKind kind) const {
  for (const layout::Section& entry : table_) {
    if (entry.kind != kind) continue;
    return bytes_.subspan(static_cast<std::size_t>(entry.offset),
                          static_cast<std::size_t>(entry.size));
  }
  return {};
}

}  // namespace vitrine
