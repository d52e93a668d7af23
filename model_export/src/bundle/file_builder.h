#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "vitrine/format/bundle_layout.h"

namespace vitrine::bundle {

using Bytes = std::vector<std::byte>;

template <typename T>
void append_value(Bytes& bytes, const T& value) {
  bytes.resize(bytes.size() + sizeof value);
  std::memcpy(bytes.data() + bytes.size() - sizeof value, &value, sizeof value);
}

inline void append(Bytes& bytes, std::span<const std::byte> more) {
  bytes.resize(bytes.size() + more.size());
  std::copy(more.begin(), more.end(), bytes.end() - static_cast<std::ptrdiff_t>(more.size()));
}

inline void append(Bytes& bytes, std::string_view text) {
  append(bytes, std::as_bytes(std::span(text)));
}

template <typename T>
Bytes array_bytes(const std::vector<T>& values) {
  Bytes bytes;
  append(bytes, std::as_bytes(std::span(values)));
  return bytes;
}

/// Returns the low bytes of all numbers, then their next bytes: the input of BytePlanes.
[[nodiscard]] Bytes plane_bytes(const std::vector<std::uint32_t>& values, unsigned planes);

/// Returns the input of StringTable. `texts` must be sorted in its order.
[[nodiscard]] Bytes string_table(const std::vector<std::string_view>& texts);

/// Returns the code of Popularity for a share in (0, 1].
[[nodiscard]] std::uint32_t popularity_code(double share);

/// Writes the content hash of the finished file into it.
void stamp_content_hash(Bytes& file);

/// Collects sections, then puts header, table and sections together. `Header` is that of a bundle
/// or an overlay.
template <typename Header>
class FileBuilder {
 public:
  Header header{};

  /// Empty sections are left out: absent and empty mean the same.
  void add(layout::SectionKind kind, Bytes bytes) {
    if (!bytes.empty()) sections_.emplace_back(kind, std::move(bytes));
  }

  Bytes finish(const char (&magic)[8], std::uint32_t version) {
    header.version = version;
    header.section_count = static_cast<std::uint32_t>(sections_.size());
    std::memcpy(header.magic, magic, sizeof header.magic);
    std::uint64_t end = sizeof header + sections_.size() * sizeof(layout::Section);
    std::vector<layout::Section> table;
    for (const auto& [kind, bytes] : sections_) {
      const std::uint64_t offset =
          (end + layout::kAlignment - 1) / layout::kAlignment * layout::kAlignment;
      table.push_back({.kind = kind, .reserved = 0, .offset = offset, .size = bytes.size()});
      end = offset + bytes.size();
    }
    header.file_size = end;
    Bytes file(static_cast<std::size_t>(end));
    if (!table.empty()) {
      std::memcpy(file.data() + sizeof header, table.data(), table.size() * sizeof table[0]);
    }
    for (std::size_t i = 0; i < table.size(); ++i) {
      const Bytes& bytes = sections_[i].second;
      std::memcpy(file.data() + table[i].offset, bytes.data(), bytes.size());
    }
    std::memcpy(file.data(), &header, sizeof header);
    stamp_content_hash(file);
    return file;
  }

 private:
  std::vector<std::pair<layout::SectionKind, Bytes>> sections_;
};

}  // namespace vitrine::bundle
