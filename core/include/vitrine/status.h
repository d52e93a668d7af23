#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace vitrine {

/// The reason why a call did not succeed. Values are stable, because they cross the wasm boundary
/// as numbers.
enum class Status : std::uint8_t {
  kOk = 0,
  kTruncated = 1,           // fewer bytes than the header says
  kBadMagic = 2,            // not a file of the expected kind
  kUnsupportedVersion = 3,  // written by another major version of the format
  kTrailingBytes = 4,       // more bytes than the header says
  kHashMismatch = 5,        // the content has changed since it was written
  kMisaligned = 6,          // the buffer does not start at a multiple of layout::kBufferAlignment
  kBadSectionTable = 7,     // a section lies outside the file, overlaps, is unaligned or repeated
  kMissingSection = 8,      // a required section is missing
  kBadSectionSize = 9,      // a section's size does not follow from the number of items
  kBadItemCount = 10,       // no item, or more than layout::kMaxItems
  kBadIds = 11,             // item ids are not sorted, unique, valid UTF-8
  kBadIdOrder = 12,         // the id order is not a permutation
  kBadStringTable = 13,     // category paths or brand names are malformed
  kBadCatalog = 14,         // an item points at a category or brand that does not exist
  kBadPopularity = 15,      // no item has the full share
  kBadEmbeddings = 16,      // embedding shape, scale or Gram matrix is not usable
  kBadSessionRows = 17,     // a session row is malformed or points outside the items
  kBadSettings = 18,        // a setting is not finite or out of range
  kBadMetadata = 19,        // metadata or experiments are not valid UTF-8
  kBadSessionSample = 20,   // a sampled session is empty, unsorted or points outside the items
  kBadPartitions = 21,      // partitions of embeddings overlap or point outside the items
  kWrongBase = 22,          // an overlay for another bundle
  kBadOverlay = 23,         // an overlay's changes point outside the bundle, or contradict it
};

/// The names of the statuses in pages, logs and docs/bundle-format.md, by value.
inline constexpr std::array<std::string_view, 24> kStatusNames = {"ok",
                                                                  "truncated",
                                                                  "bad-magic",
                                                                  "unsupported-version",
                                                                  "trailing-bytes",
                                                                  "hash-mismatch",
                                                                  "misaligned",
                                                                  "bad-section-table",
                                                                  "missing-section",
                                                                  "bad-section-size",
                                                                  "bad-item-count",
                                                                  "bad-ids",
                                                                  "bad-id-order",
                                                                  "bad-string-table",
                                                                  "bad-catalog",
                                                                  "bad-popularity",
                                                                  "bad-embeddings",
                                                                  "bad-session-rows",
                                                                  "bad-settings",
                                                                  "bad-metadata",
                                                                  "bad-session-sample",
                                                                  "bad-partitions",
                                                                  "wrong-base",
                                                                  "bad-overlay"};

/// Returns one English sentence for `status`, without a full stop. The text has static storage.
[[nodiscard]] std::string_view message(Status status);

/// A value, or the reason why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Status status) : status_(status) {      // NOLINT(google-explicit-constructor)
    assert(status != Status::kOk);
  }

  [[nodiscard]] bool ok() const { return value_.has_value(); }
  [[nodiscard]] Status status() const { return status_; }
  // NOLINTBEGIN(bugprone-unchecked-optional-access): the precondition is the check.
  /// Precondition: ok().
  [[nodiscard]] T& value() & { return assert(ok()), *value_; }
  [[nodiscard]] const T& value() const& { return assert(ok()), *value_; }
  [[nodiscard]] T&& value() && { return assert(ok()), *std::move(value_); }

  // NOLINTEND(bugprone-unchecked-optional-access)

 private:
  std::optional<T> value_;
  Status status_ = Status::kOk;
};

}  // namespace vitrine
