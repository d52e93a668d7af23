#pragma once

namespace vitrine::recommend {

/// The baselines that a model is compared with. `key` is the key under "baselines" of the JSON,
/// `words` the name for people. The order is that of the tables.
struct BaselineName {
  const char* key;
  const char* name;
};
inline constexpr BaselineName kBaselineNames[] = {{"item_knn", "item-kNN"},
                                                  {"popularity_7_days", "popularity, 7 days"},
                                                  {"popularity", "popularity"}};

/// The ways to rank hidden items; their keys are under "hidden_items" of the JSON. The order is
/// that of the tables.
inline constexpr BaselineName kHiddenRankings[] = {{"model", "model"},
                                                   {"same_category", "same category"},
                                                   {"category_popularity", "category popularity"},
                                                   {"random", "random"}};

}  // namespace vitrine::recommend
