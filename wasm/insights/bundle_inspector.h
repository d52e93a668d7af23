#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vitrine/format/bundle.h"

namespace vitrine::insights {

/// Info of an open bundle.
struct BundleFacts {
  std::string hash;  // of the content, 16 hexadecimal digits
  std::uint32_t version = 0;
  std::uint32_t bytes = 0;
  std::uint32_t items = 0;
  std::uint32_t categories = 0;
  std::uint32_t brands = 0;
  std::uint32_t markets = 0;
  std::uint32_t dimensions = 0;        // of embeddings; 0: there are none
  std::uint32_t session_entries = 0;   // of all session rows
  std::uint32_t sampled_sessions = 0;  // past sessions
  std::uint32_t sections = 0;
};

/// An entry of the table of sections; offset and size in bytes.
struct SectionFacts {
  std::string name;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

/// One item as the bundle knows it.
struct ItemFacts {
  std::string id;
  std::string category;  // empty: none
  std::string brand;     // empty: none
  std::optional<double> price;
  bool available = true;
  double popularity = 0.0;  // share of the best item, 0 to 1
};

/// An entry of a session row.
struct RowEntry {
  std::uint32_t item = 0;
  float weight = 0.0F;
};

/// A bundle in memory of its own, opened as the ranking module opens it.
class BundleInspector {
 public:
  /// Memory for `size` bytes of a file, aligned as open() asks. Closes the bundle. A view that
  /// holds until the next call.
  [[nodiscard]] std::span<std::uint8_t> reserve(std::uint32_t size);

  /// Opens the bytes that were put there. O(bytes).
  [[nodiscard]] Status open();

  // The calls below need an open bundle.

  [[nodiscard]] const Bundle& bundle() const { return *bundle_; }
  /// See Bundle::verify.
  [[nodiscard]] Status verify() const { return bundle_->verify(); }
  [[nodiscard]] BundleFacts info() const;
  /// Precondition: index < info().sections.
  [[nodiscard]] SectionFacts section(std::uint32_t index) const;
  /// The number of an item. O(log n).
  [[nodiscard]] std::optional<std::uint32_t> find(const std::string& id) const;
  /// Precondition: item < info().items.
  [[nodiscard]] ItemFacts describe(std::uint32_t item) const;
  /// Items that shoppers went on to from `item`, heaviest first, and the weight of each. A view
  /// that holds until the next call. Precondition: item < info().items.
  [[nodiscard]] std::span<const RowEntry> row(std::uint32_t item);
  /// The choices of training as JSON text: weights of the signals, and how history counts.
  [[nodiscard]] std::string settings() const;

 private:
  std::vector<std::uint64_t> words_;
  std::uint32_t size_ = 0;
  std::optional<Bundle> bundle_;
  std::optional<ItemNames> names_;
  std::vector<RowEntry> row_;
};

}  // namespace vitrine::insights
