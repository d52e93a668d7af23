#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "vitrine/format/bundle.h"

namespace vitrine::bundle {

/// A bundle together with its bytes.
class BundleFile {
 public:
  /// Reads and opens `path`. Throws Error: kIo when it cannot be read, kDataUnusable with the
  /// core's own words when it is not a valid bundle.
  static BundleFile read(const std::string& path);
  /// Opens bytes that were just written. Throws Error(kFailure) when they are not a valid bundle.
  static BundleFile open(std::vector<std::byte> bytes);

  /// Takes the overlay in the file `path`, in the place of the one before. Throws Error: kIo when
  /// it cannot be read, kDataUnusable when it does not fit the bundle.
  void apply(const std::string& path);

  [[nodiscard]] const Bundle& bundle() const { return bundle_; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  BundleFile(std::vector<std::byte> bytes, Bundle bundle)
      : bytes_(std::move(bytes)), bundle_(std::move(bundle)) {}

  std::vector<std::byte> bytes_;  // its heap block stays where it is when this moves
  std::vector<std::byte> overlay_;
  Bundle bundle_;
};

/// Returns the content hash of a bundle as 16 hexadecimal digits.
[[nodiscard]] std::string content_name(std::span<const std::byte> bundle);

/// Reads a complete file. Throws Error(kIo).
[[nodiscard]] std::vector<std::byte> read_file(const std::string& path);

/// Replaces the file at `path` in one step: writes a new file and renames it, so that a failure
/// keeps the old file. Throws Error(kIo).
void write_file(const std::string& path, std::span<const std::byte> bytes);

/// Returns the size of `bytes` after brotli. `quality` is 0 to 11; a CDN would store 11.
[[nodiscard]] std::size_t brotli_size(std::span<const std::byte> bytes, int quality = 11);

}  // namespace vitrine::bundle
