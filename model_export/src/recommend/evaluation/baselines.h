#pragma once

namespace vitrine::recommend {

/// What a model is shown beside: keys under "baselines" of the JSON, in the order of tables, and
/// what people call them.
struct BaselineName {
  const char* key;
  const char* name;
};
inline constexpr BaselineName kBaselineNames[] = {{"item_knn", "item-kNN"},
                                                  {"popularity_7_days", "popularity, 7 days"},
                                                  {"popularity", "popularity"}};

/// Ways to rank hidden items: keys under "hidden_items" of the JSON, in the order of tables.
inline constexpr BaselineName kHiddenRankings[] = {{"model", "model"},
                                                   {"same_category", "same category"},
                                                   {"category_popularity", "category popularity"},
                                                   {"random", "random"}};

}  // namespace vitrine::recommend
