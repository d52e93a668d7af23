#pragma once

#include <cstdint>
#include <random>

#include "core/shop.h"

namespace vitrine::testing {

/// Draws a number below `bound`.
inline std::uint32_t pick(std::mt19937& random, std::uint32_t bound) {
  return static_cast<std::uint32_t>(random()) % bound;
}

/// Makes a shop with random rows and embeddings.
inline bundle::BundleContents random_shop(std::uint32_t count, std::mt19937& random) {
  bundle::BundleContents contents;
  std::uniform_real_distribution<float> uniform(0.0F, 1.0F);
  for (std::uint32_t i = 0; i < count; ++i) {
    contents.ids.push_back(std::to_string(i));
    contents.popularity.push_back(count - i);
    contents.trend.push_back(pick(random, 5) == 0 ? static_cast<std::uint8_t>(i) : 0);
    contents.attributes.push_back({.category = i % 3 == 0 ? "A/B" : "C",
                                   .brand = "",
                                   .price = uniform(random) * 100,
                                   .available = i % 7 != 0});
    for (std::uint32_t j = 0; j < count; ++j) {
      if (pick(random, 10) == 0) contents.session_rows.push_back({i, j, uniform(random)});
    }
    for (int d = 0; d < 20; ++d) contents.embeddings.values.push_back(uniform(random) - 0.5F);
  }
  for (int session = 0; session < 40; ++session) {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (pick(random, 10) == 0 || i == pick(random, count)) contents.sessions.items.push_back(i);
    }
    const auto end = static_cast<std::uint32_t>(contents.sessions.items.size());
    if (end > contents.sessions.offsets.back()) contents.sessions.offsets.push_back(end);
  }
  contents.embeddings.dims = 20;
  contents.embeddings.lambda = 1.0F;
  contents.settings = small_shop().settings;
  contents.settings.repeat_weight = 0.2F;
  return contents;
}

}  // namespace vitrine::testing
