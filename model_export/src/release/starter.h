#pragma once

#include <cstddef>
#include <vector>

#include "bundle/bundle_writer.h"
#include "vitrine/format/bundle.h"

namespace vitrine::release {

/// The `count` best-known items of `bundle` that it was trained with, as it stands with its
/// overlay: their ids, popularity, attributes and what session rows say of each other, and the
/// markets that they make up. No embeddings, no sampled sessions, no experiments.
[[nodiscard]] bundle::BundleContents best_known(const Bundle& bundle, std::size_t count);

/// A bundle of at most `max_bytes` after brotli for the first moments of a page, while `bundle` is
/// on its way: the best-known items in half of it, what session rows say of them in the other.
/// Empty when `bundle`, which takes `bundle_size` bytes after brotli, is not at least three times
/// as large, or not even 32 items fit.
[[nodiscard]] std::vector<std::byte> make_starter(const Bundle& bundle, std::size_t bundle_size,
                                                  std::size_t max_bytes);

}  // namespace vitrine::release
