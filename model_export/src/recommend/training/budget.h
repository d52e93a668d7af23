#pragma once

#include <cstddef>
#include <vector>

#include "bundle/bundle_writer.h"
#include "recommend/models/session_sample.h"

namespace vitrine::recommend {

/// A bundle within a budget of bytes.
struct Fitted {
  std::vector<std::byte> bytes;
  std::size_t size = 0;     // as the budget counts
  std::size_t entries = 0;  // session entries kept
};

/// Returns the `count` entries with the largest weights in their order; of equal weights the
/// earlier entries.
[[nodiscard]] std::vector<model::SessionEntry> strongest(
    const std::vector<model::SessionEntry>& entries, std::size_t count);

/// The measure of a bundle's size: its bytes, or its bytes after brotli. A CDN stores quality 11.
/// Quality 9 is many times faster and gives a tenth more bytes, which is good enough for comparing
/// models.
enum class SizeOf { kRaw, kBrotli9, kBrotli11 };

/// Writes `contents` with as many of its session entries as `max_bytes` allow, the largest weights
/// first, and items arranged so that they take few bytes; the arrangement is made on `threads`
/// threads and does not depend on their number. Throws Error(kUsage) that says the least size when
/// even a bundle without them is too large.
[[nodiscard]] Fitted fit_budget(bundle::BundleContents contents, std::size_t max_bytes,
                                SizeOf measure, unsigned threads = 1);

/// The sessions of `sampler` that fill `share` of the bytes that `max_bytes` leave beside the ids,
/// the catalogue and the embeddings of `contents`, at most `most` items of sessions. None when
/// nothing is left.
[[nodiscard]] model::SampledSessions fit_sample(bundle::BundleContents contents,
                                                const SessionSampler& sampler, std::size_t most,
                                                double share, std::size_t max_bytes,
                                                SizeOf measure);

}  // namespace vitrine::recommend
