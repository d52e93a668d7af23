#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bundle/bundle_writer.h"

namespace vitrine::recommend {

/// Items as sparse vectors of length 1 over what the catalogue says of them; of length 0 where it
/// says nothing that another item shares.
struct ContentVectors {
  std::vector<std::uint64_t> offsets{0};  // [n + 1]
  std::vector<std::uint32_t> terms;       // rising within an item
  std::vector<float> weights;
  std::uint32_t term_count = 0;

  [[nodiscard]] std::uint32_t size() const {
    return static_cast<std::uint32_t>(offsets.size() - 1);
  }
};

/// Terms are each level of the category path, the brand, the band of the price and the words of the
/// title, weighted by how rare they are (inverse document frequency: Spärck Jones, Journal of
/// Documentation 1972). `titles`: in lower case, [n]. Titles without spaces between words (Chinese,
/// Japanese) are taken in pairs of characters.
[[nodiscard]] ContentVectors content_vectors(std::span<const bundle::ItemAttributes> items,
                                             std::span<const std::string> titles);

/// For each item from `donors` on the items most like it among those before.
struct AlikeItems {
  std::vector<std::uint64_t> offsets{0};  // [receivers + 1]
  std::vector<std::uint32_t> items;       // the most alike first
  std::vector<float> shares;              // above 0, 1 together for each receiver that has any

  [[nodiscard]] std::uint32_t size() const {
    return static_cast<std::uint32_t>(offsets.size() - 1);
  }
};

/// The `count` donors of largest cosine; of equals the lower number, which is the better-known
/// item. Of a term that very many donors share, the first speak for all: O(terms * 4096) an item.
/// The result does not depend on `threads`.
[[nodiscard]] AlikeItems find_alike(const ContentVectors& vectors, std::uint32_t donors,
                                    std::uint32_t count, unsigned threads);

}  // namespace vitrine::recommend
