#include "recommend/models/content_vectors.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "base/parallel.h"

namespace vitrine::recommend {
namespace {

/// The number of donors of one term that are compared; the best-known ones come first.
constexpr std::uint32_t kMostOfTerm = 4096;
/// A price band reaches from a price to this many times the price.
constexpr double kPriceBand = 1.5;
/// Scripts from this code point on are written without spaces (CJK radicals and the following
/// blocks).
constexpr std::uint32_t kFirstUnspaced = 0x2E80;

/// Gives each new term the next number.
class Vocabulary {
 public:
  std::uint32_t number(char field, std::string_view text) {
    std::string key(1, field);
    key += text;
    const auto [at, is_new] = numbers_.emplace(std::move(key), size());
    return at->second;
  }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(numbers_.size()); }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

bool is_letter_or_digit(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/// Returns the number of bytes of the first character of a valid UTF-8 text.
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  return std::min(size, text.size());
}

/// Returns true when a word begins with a character of a script that is written without spaces.
bool is_unspaced(std::string_view word) {
  const std::size_t size = character_size(word);
  if (size < 3) return false;
  if (size == 4) return true;
  const auto bits = [&](std::size_t i) { return static_cast<unsigned char>(word[i]) & 0x3FU; };
  return ((static_cast<unsigned char>(word[0]) & 0x0FU) << 12U | bits(1) << 6U | bits(2)) >=
         kFirstUnspaced;
}

template <typename Take>
void each_word(std::string_view title, const Take& take) {
  for (std::size_t begin = 0; begin < title.size();) {
    std::size_t end = begin;
    while (end < title.size() && is_letter_or_digit(static_cast<unsigned char>(title[end]))) ++end;
    std::string_view word = title.substr(begin, end - begin);
    begin = end + 1;
    if (word.empty()) continue;
    if (!is_unspaced(word)) {
      take(word);
      continue;
    }
    while (!word.empty()) {
      const std::size_t first = character_size(word);
      const std::string_view rest = word.substr(first);
      if (!rest.empty()) take(word.substr(0, first + character_size(rest)));
      word = rest;
    }
  }
}

/// Appends the terms of an item to `terms`.
void add_terms(const model::ItemAttributes& item, std::string_view title, Vocabulary& vocabulary,
               std::vector<std::uint32_t>& terms) {
  for (std::size_t end = 0; end < item.category.size();) {
    end = std::min(item.category.find('/', end + 1), item.category.size());
    terms.push_back(vocabulary.number('c', std::string_view(item.category).substr(0, end)));
  }
  if (!item.brand.empty()) terms.push_back(vocabulary.number('b', item.brand));
  if (item.price > 0.0F) {
    // There are two series of bands, shifted by half a band. So two similar prices share at least
    // one band.
    const double band = std::log(static_cast<double>(item.price)) / std::log(kPriceBand);
    terms.push_back(vocabulary.number('p', std::to_string(std::lround(std::floor(band)))));
    terms.push_back(vocabulary.number('q', std::to_string(std::lround(std::floor(band + 0.5)))));
  }
  each_word(title, [&](std::string_view word) { terms.push_back(vocabulary.number('t', word)); });
}

/// The donors of each term, in rising order.
struct Postings {
  struct Posting {
    std::uint32_t item;
    float weight;
  };
  std::vector<std::uint64_t> offsets;
  std::vector<Posting> all;
};

Postings invert(const ContentVectors& vectors, std::uint32_t donors) {
  Postings postings;
  postings.offsets.assign(std::size_t{vectors.term_count} + 1, 0);
  const auto end = static_cast<std::ptrdiff_t>(vectors.offsets[donors]);
  std::for_each(vectors.terms.begin(), vectors.terms.begin() + end,
                [&](std::uint32_t term) { ++postings.offsets[term + 1]; });
  for (std::size_t t = 0; t < vectors.term_count; ++t) {
    postings.offsets[t + 1] =
        postings.offsets[t] + std::min<std::uint64_t>(postings.offsets[t + 1], kMostOfTerm);
  }
  postings.all.resize(postings.offsets.back());
  std::vector<std::uint64_t> next(postings.offsets.begin(), postings.offsets.end() - 1);
  for (std::uint32_t item = 0; item < donors; ++item) {
    for (std::uint64_t i = vectors.offsets[item]; i < vectors.offsets[item + 1]; ++i) {
      const std::uint32_t term = vectors.terms[i];
      if (next[term] < postings.offsets[term + 1]) {
        postings.all[next[term]++] = {item, vectors.weights[i]};
      }
    }
  }
  return postings;
}

}  // namespace

ContentVectors content_vectors(std::span<const model::ItemAttributes> items,
                               std::span<const std::string> titles) {
  ContentVectors vectors;
  Vocabulary vocabulary;
  std::vector<std::uint32_t> item_terms;
  for (std::size_t i = 0; i < items.size(); ++i) {
    item_terms.clear();
    add_terms(items[i], titles[i], vocabulary, item_terms);
    std::sort(item_terms.begin(), item_terms.end());
    item_terms.erase(std::unique(item_terms.begin(), item_terms.end()), item_terms.end());
    vectors.terms.insert(vectors.terms.end(), item_terms.begin(), item_terms.end());
    vectors.offsets.push_back(vectors.terms.size());
  }
  vectors.term_count = vocabulary.size();
  std::vector<std::uint32_t> holders(vectors.term_count);
  for (const std::uint32_t term : vectors.terms) ++holders[term];
  for (std::size_t i = 0; i < items.size(); ++i) {
    double squares = 0.0;
    for (std::uint64_t t = vectors.offsets[i]; t < vectors.offsets[i + 1]; ++t) {
      const double of = holders[vectors.terms[t]];
      // A term that no other item has does not make items alike.
      const double idf = of > 1.0 ? std::log((static_cast<double>(items.size()) + 1.0) / of) : 0.0;
      vectors.weights.push_back(static_cast<float>(idf));
      squares += idf * idf;
    }
    if (squares == 0.0) continue;
    const auto scale = static_cast<float>(1.0 / std::sqrt(squares));
    for (std::uint64_t t = vectors.offsets[i]; t < vectors.offsets[i + 1]; ++t) {
      vectors.weights[t] *= scale;
    }
  }
  return vectors;
}

AlikeItems find_alike(const ContentVectors& vectors, std::uint32_t donors, std::uint32_t count,
                      unsigned threads) {
  struct Found {
    std::uint32_t item;
    float cosine;
  };
  const std::uint32_t receivers = vectors.size() - donors;
  const Postings postings = invert(vectors, donors);
  std::vector<std::vector<Found>> found(receivers);
  constexpr std::size_t kBlock = 64;
  base::parallel_for(receivers, kBlock, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<float> cosine(donors);
    std::vector<std::uint32_t> touched;
    for (std::size_t r = begin; r < end; ++r) {
      for (std::uint64_t i = vectors.offsets[donors + r]; i < vectors.offsets[donors + r + 1];
           ++i) {
        const std::uint32_t term = vectors.terms[i];
        const float weight = vectors.weights[i];
        if (weight == 0.0F) continue;
        for (std::uint64_t p = postings.offsets[term]; p < postings.offsets[term + 1]; ++p) {
          const auto& [item, its_weight] = postings.all[p];
          if (cosine[item] == 0.0F) touched.push_back(item);
          cosine[item] += weight * its_weight;
        }
      }
      for (const std::uint32_t item : touched) {
        found[r].push_back({item, cosine[item]});
        cosine[item] = 0.0F;
      }
      touched.clear();
      const std::size_t kept = std::min<std::size_t>(count, found[r].size());
      std::partial_sort(found[r].begin(), found[r].begin() + static_cast<std::ptrdiff_t>(kept),
                        found[r].end(), [](const Found& a, const Found& b) {
                          return a.cosine != b.cosine ? a.cosine > b.cosine : a.item < b.item;
                        });
      found[r].resize(kept);
      found[r].shrink_to_fit();
    }
  });

  AlikeItems alike;
  for (const std::vector<Found>& of_one : found) {
    float sum = 0.0F;
    for (const Found& one : of_one) sum += one.cosine * one.cosine;
    for (const Found& one : of_one) {
      alike.items.push_back(one.item);
      alike.shares.push_back(one.cosine * one.cosine / sum);
    }
    alike.offsets.push_back(alike.items.size());
  }
  return alike;
}

}  // namespace vitrine::recommend
