#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/item_attributes.h"

namespace vitrine::recommend {

/// Items as sparse vectors of length 1 over the terms of their catalogue entries. The vector is
/// empty when no other item shares a term.
struct ContentVectors {
  std::vector<std::uint64_t> offsets{0};  // [n + 1]
  std::vector<std::uint32_t> terms;       // rising within an item
  std::vector<float> weights;
  std::uint32_t term_count = 0;

  [[nodiscard]] std::uint32_t size() const {
    return static_cast<std::uint32_t>(offsets.size() - 1);
  }
};

/// Makes content vectors. The terms are each level of the category path, the brand, the price band
/// and the words of the title, weighted by inverse document frequency (Spärck Jones, Journal of
/// Documentation 1972). `titles` has n texts in lower case. Titles without spaces between words
/// (Chinese, Japanese) are split into pairs of characters.
[[nodiscard]] ContentVectors content_vectors(std::span<const model::ItemAttributes> items,
                                             std::span<const std::string> titles);

/// The most alike donors of each receiver. Donors are the items before number `donors`, receivers
/// the items from there on.
struct AlikeItems {
  std::vector<std::uint64_t> offsets{0};  // [receivers + 1]
  std::vector<std::uint32_t> items;       // the most alike first
  std::vector<float> shares;  // above 0; they add up to 1 for each receiver that has any

  [[nodiscard]] std::uint32_t size() const {
    return static_cast<std::uint32_t>(offsets.size() - 1);
  }
};

/// Returns the `count` donors with the largest cosine. Of equal donors the one with the lower
/// number wins, which is the better-known item. When very many donors share a term, only the
/// best-known ones are compared: O(terms * 4096) for each item. The result does not depend on
/// `threads`.
[[nodiscard]] AlikeItems find_alike(const ContentVectors& vectors, std::uint32_t donors,
                                    std::uint32_t count, unsigned threads);

}  // namespace vitrine::recommend
