#include "bundle/file_builder.h"

#include <cmath>

#include "vitrine/format/content_hash.h"

namespace vitrine::bundle {

Bytes plane_bytes(const std::vector<std::uint32_t>& values, unsigned planes) {
  Bytes bytes;
  for (unsigned plane = 0; plane < planes; ++plane) {
    for (const std::uint32_t value : values) {
      bytes.push_back(static_cast<std::byte>(value >> (8U * plane) & 0xFFU));
    }
  }
  return bytes;
}

Bytes string_table(const std::vector<std::string_view>& texts) {
  Bytes bytes;
  Bytes joined;
  append_value(bytes, static_cast<std::uint32_t>(texts.size()));
  for (const std::string_view text : texts) {
    append_value(bytes, static_cast<std::uint32_t>(joined.size()));
    append(joined, text);
  }
  append_value(bytes, static_cast<std::uint32_t>(joined.size()));
  append(bytes, joined);
  return bytes;
}

std::uint32_t popularity_code(double share) {
  return static_cast<std::uint32_t>(
      std::clamp(65535.0 + std::round(2048.0 * std::log2(share)), 256.0, 65535.0));
}

void stamp_content_hash(Bytes& file) {
  const std::uint64_t hash = content_hash(std::span(file).subspan(layout::kHashedFrom));
  std::memcpy(file.data() + offsetof(layout::Header, content_hash), &hash, sizeof hash);
}

}  // namespace vitrine::bundle
