#include "insights/session_evaluation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "vitrine/ranking/accuracy.h"
#include "vitrine/stats/distributions.h"
#include "vitrine/stats/sample.h"
#include "vitrine/visit/recommender.h"
#include "vitrine/visit/shopper.h"

namespace vitrine::insights {
namespace {

MeanOfPredictions mean_of(const stats::Moments& sums) {
  if (sums.mean_x() == 0.0) return {};
  const stats::Sample ratio = stats::ratio(sums);
  const double reach =
      sums.n() > 1.0 ? stats::normal_quantile(0.975) * std::sqrt(ratio.mean_variance()) : 0.0;
  return {.mean = ratio.mean, .interval = {ratio.mean - reach, ratio.mean + reach}};
}

}  // namespace

SessionEvaluation evaluate_sessions(const Bundle& bundle, std::span<const std::uint32_t> ends,
                                    std::span<const std::uint32_t> items, std::uint32_t k) {
  SessionEvaluation out;
  Recommender recommender(bundle);
  const ListRequest request{.limit = k, .filter = {.available_only = false}};
  std::vector<bool> shown(bundle.item_count());
  std::array<stats::Moments, 3> sums;  // a session each: y the sum of values, x the predictions
  std::size_t begin = 0;
  for (const std::uint32_t end : ends) {
    Shopper shopper;
    std::array<double, 3> values{};
    double predictions = 0.0;
    for (std::size_t e = begin; e < std::min<std::size_t>(end, items.size()); ++e) {
      const bool known = items[e] < bundle.item_count();
      if (e > begin) {
        const std::span<const Ranked> ranked = recommender.list(shopper, request);
        for (const Ranked& one : ranked) shown[one.item] = true;
        const auto found = next_item_values(known ? rank_in(ranked, items[e]) : 0);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] += found[i];
        predictions += 1.0;
        if (!known) ++out.unknown_targets;
      }
      if (known) shopper.record({.item = items[e]});
    }
    begin = std::max<std::size_t>(begin, end);
    if (predictions == 0.0) continue;
    out.predictions += static_cast<std::uint32_t>(predictions);
    for (std::size_t i = 0; i < values.size(); ++i) sums[i].add(values[i], predictions);
  }
  out.hit_rate = mean_of(sums[0]);
  out.mrr = mean_of(sums[1]);
  out.ndcg = mean_of(sums[2]);
  out.coverage =
      static_cast<double>(std::count(shown.begin(), shown.end(), true)) / bundle.item_count();
  return out;
}

}  // namespace vitrine::insights
