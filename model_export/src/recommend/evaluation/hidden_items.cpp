#include "recommend/evaluation/hidden_items.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace vitrine::recommend {
namespace {

using Values = std::array<double, 2>;  // hit, reciprocal rank

Values at_rank(std::uint32_t rank) {
  return rank == 0 ? Values{} : Values{1.0, 1.0 / static_cast<double>(rank)};
}

/// Returns the expected metrics of a target that comes after `before` other items and ties with
/// `tied` items, itself included.
Values expected(std::size_t before, std::size_t tied, std::size_t k) {
  Values values{};
  for (std::size_t rank = before + 1; rank <= std::min(before + tied, k); ++rank) {
    values[0] += 1.0 / static_cast<double>(tied);
    values[1] += 1.0 / static_cast<double>(rank) / static_cast<double>(tied);
  }
  return values;
}

/// Scores in descending order.
class Order {
 public:
  explicit Order(std::vector<double> scores = {}) : scores_(std::move(scores)) {
    std::sort(scores_.begin(), scores_.end(), std::greater<>());
  }
  [[nodiscard]] std::size_t size() const { return scores_.size(); }
  [[nodiscard]] std::size_t above(double score) const {
    return static_cast<std::size_t>(bounds(score).first - scores_.begin());
  }
  [[nodiscard]] std::size_t equal(double score) const {
    const auto [first, last] = bounds(score);
    return static_cast<std::size_t>(last - first);
  }

 private:
  [[nodiscard]] std::pair<std::vector<double>::const_iterator, std::vector<double>::const_iterator>
  bounds(double score) const {
    return std::equal_range(scores_.begin(), scores_.end(), score, std::greater<>());
  }
  std::vector<double> scores_;
};

/// Ranks all items, or some of them, by category alone.
class CategoryRanking {
 public:
  CategoryRanking(const Catalog& catalog, const std::vector<double>& scores,
                  std::span<const std::uint32_t> items)
      : catalog_(catalog), scores_(scores) {
    std::vector<double> all;
    std::map<std::uint16_t, std::vector<double>> parts;
    for (const std::uint32_t item : items) {
      all.push_back(scores[item]);
      parts[catalog.category(item)].push_back(scores[item]);
    }
    all_ = Order(std::move(all));
    for (auto& [category, part] : parts) by_category_.emplace(category, Order(std::move(part)));
  }

  [[nodiscard]] Values random(std::size_t k) const { return expected(0, all_.size(), k); }
  [[nodiscard]] Values by_popularity(std::uint32_t target, std::size_t k) const {
    const double score = scores_[target];
    return expected(all_.above(score), all_.equal(score), k);
  }
  /// Ranks the items of the category of `current` first.
  [[nodiscard]] Values by_category(std::uint32_t target, std::uint32_t current,
                                   std::size_t k) const {
    const double score = scores_[target];
    const auto part = current == TestSessions::kUnknown
                          ? by_category_.end()
                          : by_category_.find(catalog_.category(current));
    if (part == by_category_.end()) return by_popularity(target, k);
    const Order& first = part->second;
    if (catalog_.category(target) == part->first) {
      return expected(first.above(score), first.equal(score), k);
    }
    return expected(first.size() + all_.above(score) - first.above(score),
                    all_.equal(score) - first.equal(score), k);
  }

 private:
  const Catalog& catalog_;
  const std::vector<double>& scores_;
  Order all_;
  std::map<std::uint16_t, Order> by_category_;
};

/// Returns a score for each item: the popularity of an item with events, and the mean popularity of
/// its category for a hidden item.
std::vector<double> category_scores(const Bundle& bundle, const HiddenItems& hidden) {
  struct Sum {
    double popularity = 0.0;
    double items = 0.0;
  };
  std::map<std::uint16_t, Sum> sums;
  std::vector<double> scores(bundle.item_count());
  for (std::uint32_t item = 0; item < bundle.item_count(); ++item) {
    if (hidden.has(item)) continue;
    scores[item] = static_cast<double>(bundle.popularity().share(item));
    Sum& sum = sums[bundle.catalog().category(item)];
    sum.popularity += scores[item];
    sum.items += 1.0;
  }
  for (const std::uint32_t item : hidden.items()) {
    const Sum& sum = sums[bundle.catalog().category(item)];
    scores[item] = sum.items > 0.0 ? sum.popularity / sum.items : 0.0;
  }
  return scores;
}

}  // namespace

HiddenEvaluation evaluate_hidden(const Bundle& bundle, const HiddenItems& hidden,
                                 std::span<const Prediction> predictions, std::size_t sessions,
                                 std::size_t k, unsigned threads) {
  const std::vector<double> scores = category_scores(bundle, hidden);
  std::vector<std::uint32_t> every(bundle.item_count());
  for (std::uint32_t item = 0; item < every.size(); ++item) every[item] = item;
  const CategoryRanking all(bundle.catalog(), scores, every);
  const CategoryRanking alone(bundle.catalog(), scores, hidden.items());

  SessionSums of_hidden(16);
  SessionSums of_others(2);
  for (const Prediction& p : predictions) {
    if (p.target == TestSessions::kUnknown || !hidden.has(p.target)) {
      of_others.add(p.session, at_rank(p.rank));
      continue;
    }
    if (p.left_out) {
      of_hidden.add(p.session, std::array<double, 16>{});
      continue;
    }
    const std::array<Values, 8> ways = {at_rank(p.rank),
                                        all.by_category(p.target, p.current, k),
                                        all.by_popularity(p.target, k),
                                        all.random(k),
                                        at_rank(p.hidden_rank),
                                        alone.by_category(p.target, p.current, k),
                                        alone.by_popularity(p.target, k),
                                        alone.random(k)};
    std::array<double, 16> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = ways[i / 2][i % 2];
    of_hidden.add(p.session, values);
  }
  const std::array<SessionSums, 2> groups = {of_hidden, of_others};
  const std::vector<std::vector<Estimate>> estimates = bootstrap(groups, sessions, threads);
  const auto score = [&](std::size_t i) {
    return HiddenScore{estimates[0][2 * i], estimates[0][2 * i + 1]};
  };
  return {.items = hidden.items().size(),
          .predictions = of_hidden.predictions(),
          .among_all = {score(0), score(1), score(2), score(3)},
          .among_hidden = {score(4), score(5), score(6), score(7)},
          .other_predictions = of_others.predictions(),
          .others = {estimates[1][0], estimates[1][1]}};
}

// Not in an unnamed namespace: the library finds these by the namespace of their argument.

static void to_json(nlohmann::json& out, const HiddenScore& score) {
  put(out, "hit_rate", score.hit_rate);
  put(out, "mrr", score.mrr);
}

static void to_json(nlohmann::json& out, const HiddenEvaluation::Ranked& ranked) {
  out = {{"model", ranked.model},
         {"same_category", ranked.same_category},
         {"category_popularity", ranked.category_popularity},
         {"random", ranked.random}};
}

void to_json(nlohmann::json& out, const HiddenEvaluation& evaluation) {
  nlohmann::json others = evaluation.others;
  others.push_back({"predictions", evaluation.other_predictions});
  out = {{"items", evaluation.items},
         {"predictions", evaluation.predictions},
         {"among_all", evaluation.among_all},
         {"among_hidden", evaluation.among_hidden},
         {"others", std::move(others)}};
}

}  // namespace vitrine::recommend
