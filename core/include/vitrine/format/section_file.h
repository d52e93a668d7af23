#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "vitrine/format/bundle_layout.h"
#include "vitrine/status.h"

namespace vitrine {

/// Tells whether open() has to check that the bytes are those that were written.
enum class Checksum : bool {
  kVerify,    ///< open() compares the hash in the file
  kVerified,  ///< the caller has already compared another hash, such as SHA-256
};

/// The common frame of bundles and overlays: a header, a table of sections, and the sections. After
/// open() every section lies within the bytes.
class SectionFile {
 public:
  /// Opens a file. `bytes` must outlive this object. Fails unless the file is complete, undamaged
  /// and of this kind and version. O(bytes) for the hash, or O(sections) when the checksum is
  /// already verified.
  [[nodiscard]] Status open(std::span<const std::byte> bytes, const char (&magic)[8],
                            std::uint32_t version, Checksum checksum = Checksum::kVerify);

  [[nodiscard]] std::span<const layout::Section> table() const { return table_; }
  /// Returns the bytes of a section; empty when the file does not have it.
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
