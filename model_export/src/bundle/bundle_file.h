#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
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

/// Returns the metadata of a bundle, which may be of another program: an empty object where it has
/// none, or something else than a JSON object, or one that is nested too deep to be read.
[[nodiscard]] nlohmann::json metadata_of(const Bundle& bundle);

/// Returns the content hash of a bundle as 16 hexadecimal digits.
[[nodiscard]] std::string content_name(std::span<const std::byte> bundle);

/// Returns the size of `bytes` after brotli. `quality` is 0 to 11; a CDN would store 11.
[[nodiscard]] std::size_t brotli_size(std::span<const std::byte> bytes, int quality = 11);

}  // namespace vitrine::bundle
