#pragma once

namespace vitrine::train {

/// What a model is shown beside: keys under "baselines" of the JSON, in the order of tables, and
/// what people call them.
struct BaselineName {
  const char* key;
  const char* name;
};
inline constexpr BaselineName kBaselineNames[] = {{"item_knn", "item-kNN"},
                                                  {"popularity_7_days", "popularity, 7 days"},
                                                  {"popularity", "popularity"}};

}  // namespace vitrine::train
