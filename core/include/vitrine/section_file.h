#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "vitrine/bundle_layout.h"
#include "vitrine/status.h"

namespace vitrine {

/// The frame that bundles and overlays share: a header, a table of sections, and these. Once open,
/// every section lies within the bytes.
class SectionFile {
 public:
  /// `bytes` must outlive this. Fails for what is no whole, undamaged file of this kind and
  /// version. O(bytes), for the hash.
  [[nodiscard]] Status open(std::span<const std::byte> bytes, const char (&magic)[8],
                            std::uint32_t version);

  [[nodiscard]] std::span<const layout::Section> table() const { return table_; }
  /// Empty when there is none.
  [[nodiscard]] std::span<const std::byte> section(layout::SectionKind kind) const;
  [[nodiscard]] std::string_view text(layout::SectionKind kind) const {
    const std::span<const std::byte> bytes = section(kind);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  [[nodiscard]] Status read_table(std::size_t count);

  std::span<const std::byte> bytes_;
  std::span<const layout::Section> table_;
};

}  // namespace vitrine
