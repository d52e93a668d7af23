#pragma once

#include <cstddef>
#include <vector>

#include "bundle/bundle_writer.h"
#include "vitrine/format/bundle.h"

namespace vitrine::release {

/// Returns a bundle of the `count` best-known items of `bundle` that were in training, with the
/// changes of its overlay: their ids, popularity, attributes, the session rows between them, and
/// the markets they form. It has no embeddings, sampled sessions or experiments.
[[nodiscard]] bundle::BundleContents best_known(const Bundle& bundle, std::size_t count);

/// Makes a bundle of at most `max_bytes` after brotli that a page uses until `bundle` is loaded.
/// The best-known items take half of the space, their session rows the other half. Returns an empty
/// vector when `bundle` (`bundle_size` bytes after brotli) is not at least three times as large, or
/// when fewer than 32 items fit.
[[nodiscard]] std::vector<std::byte> make_preview(const Bundle& bundle, std::size_t bundle_size,
                                                  std::size_t max_bytes);

}  // namespace vitrine::release
