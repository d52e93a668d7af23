#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "vitrine/format/bundle_layout.h"
#include "vitrine/status.h"

namespace vitrine {

/// Who answers for a file's bytes being those that were written.
enum class Checksum : bool {
  kVerify,    ///< Nobody: the hash in the file is compared.
  kVerified,  ///< The caller, who has compared another, such as SHA-256.
};

/// The frame that bundles and overlays share: a header, a table of sections, and these. Once open,
/// every section lies within the bytes.
class SectionFile {
 public:
  /// `bytes` must outlive this. Fails for what is no whole, undamaged file of this kind and
  /// version. O(bytes), for the hash, unless that is verified.
  [[nodiscard]] Status open(std::span<const std::byte> bytes, const char (&magic)[8],
                            std::uint32_t version, Checksum checksum = Checksum::kVerify);

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
