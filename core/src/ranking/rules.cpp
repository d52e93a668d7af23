#include "vitrine/ranking/rules.h"

#include <algorithm>

namespace vitrine {

bool fits(const Rule& rule, const Catalog& catalog, std::uint32_t item) {
  return (rule.items.empty() || std::binary_search(rule.items.begin(), rule.items.end(), item)) &&
         passes(rule.when, catalog, item);
}

float factor_of(std::span<const Rule> rules, const Catalog& catalog, std::uint32_t item) {
  float factor = 1.0F;
  for (const Rule& rule : rules) {
    if (fits(rule, catalog, item)) factor *= rule.factor;
  }
  return factor;
}

float largest_factor(std::span<const Rule> rules) {
  float factor = 1.0F;
  for (const Rule& rule : rules) factor *= std::max(rule.factor, 1.0F);
  return factor;
}

}  // namespace vitrine
