#include "recommend/evaluation/evaluation.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/json.h"
#include "base/parallel.h"
#include "vitrine/ranking/accuracy.h"

namespace vitrine::recommend {
namespace {

constexpr std::size_t kBlock = 64;  // sessions that one thread takes at a time
constexpr std::size_t kCurvePoints = 51;

/// All lists of an evaluation, compared with the events that came after them.
struct Measurements {
  std::size_t sessions = 0;
  std::vector<Prediction> predictions;  // ordered by session, then position
  std::vector<std::uint32_t> shown;     // times each item was shown
  std::vector<float> microseconds;
  std::optional<SessionSums> first_visit;
  struct ByMarket {
    SessionSums with{3}, without{3};
  };
  std::optional<ByMarket> by_market;
  std::optional<SessionSums> return_visit;
};

/// Predicts the first event of every session in three ways: without any history, from the country
/// of the session, and from the earlier sessions of returning shoppers.
void predict_openings(Predictor& predictor, const TestSessions& sessions, std::size_t step,
                      Measurements& measurements) {
  std::map<std::uint32_t, std::vector<Ranked>> lists;  // for each market
  const auto list_for = [&](std::uint32_t market) -> const std::vector<Ranked>& {
    const auto [at, is_new] = lists.try_emplace(market);
    if (is_new) {
      const std::span<const Ranked> list = predictor.opening_list(Shopper(), market);
      at->second.assign(list.begin(), list.end());
    }
    return at->second;
  };
  const std::vector<Ranked>& first = list_for(TestSessions::kUnknown);
  measurements.first_visit.emplace(3);
  for (std::size_t s = 0; s < measurements.sessions; ++s) {
    const auto number = static_cast<std::uint32_t>(s);
    const std::uint32_t item = sessions.events[sessions.offsets[s * step]].item;
    measurements.first_visit->add(number, next_item_values(rank_in(first, item)));
    if (!sessions.markets.empty() && sessions.markets[s * step] != TestSessions::kUnknown) {
      if (!measurements.by_market) measurements.by_market.emplace();
      const std::vector<Ranked>& list = list_for(sessions.markets[s * step]);
      measurements.by_market->with.add(number, next_item_values(rank_in(list, item)));
      measurements.by_market->without.add(number, next_item_values(rank_in(first, item)));
    }
    const Shopper known = sessions.known_before(s * step);
    if (known.events().empty()) continue;
    if (!measurements.return_visit) measurements.return_visit.emplace(3);
    measurements.return_visit->add(number,
                                   next_item_values(rank_in(predictor.opening_list(known), item)));
  }
}

Measurements predict(const Bundle& bundle, const TestSessions& sessions,
                     const EvaluationOptions& options, const ListMetrics& list_metrics) {
  const std::size_t all = options.last_only ? sessions.size() : sessions.events.size();
  const std::size_t step =
      options.most_predictions > 0 ? std::max<std::size_t>(1, all / options.most_predictions) : 1;
  Measurements measurements{.sessions = (sessions.size() + step - 1) / step};
  measurements.shown.resize(std::max(bundle.item_count(), options.reference->item_count()));

  struct Block {
    std::vector<Prediction> predictions;
    std::vector<float> microseconds;
  };
  std::vector<Block> blocks((measurements.sessions + kBlock - 1) / kBlock);
  const std::size_t share = std::max<std::size_t>(1, blocks.size() / (options.threads * 4));
  base::parallel_for(
      blocks.size(), share, options.threads, [&](std::size_t begin, std::size_t end) {
        Predictor predictor(bundle, sessions, options, list_metrics, measurements.shown);
        for (std::size_t b = begin; b < end; ++b) {
          for (std::size_t s = b * kBlock; s < std::min(measurements.sessions, (b + 1) * kBlock);
               ++s) {
            predictor.predict(s * step, static_cast<std::uint32_t>(s), blocks[b].predictions,
                              blocks[b].microseconds);
          }
        }
      });
  for (const Block& block : blocks) {
    measurements.predictions.insert(measurements.predictions.end(), block.predictions.begin(),
                                    block.predictions.end());
    measurements.microseconds.insert(measurements.microseconds.end(), block.microseconds.begin(),
                                     block.microseconds.end());
  }

  if (options.last_only || options.next_only || measurements.sessions == 0) return measurements;
  Predictor predictor(bundle, sessions, options, list_metrics, measurements.shown);
  predict_openings(predictor, sessions, step, measurements);
  return measurements;
}

double percentile(std::vector<float>& values, double share) {
  if (values.empty()) return 0.0;
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

SessionSums sum_up(const std::vector<Prediction>& predictions) {
  SessionSums sums(9);
  for (const Prediction& p : predictions) {
    const auto [hit, reciprocal, gain] = next_item_values(p.rank);
    sums.add(p.session, std::array<double, 9>{hit, reciprocal, gain, p.precision, p.recall,
                                              p.later_ndcg, p.bits, p.diversity, p.head_share});
  }
  return sums;
}

Accuracy accuracy(const SessionSums& sums, const std::vector<Estimate>& estimates) {
  return {sums.predictions(), estimates[0], estimates[1], estimates[2]};
}

/// Computes all means and intervals from the same bootstrap samples.
void estimate(const Measurements& measurements, const ListMetrics& list_metrics, unsigned threads,
              Evaluation& result) {
  const std::vector<Partition> partitions = partition(measurements.predictions, list_metrics);
  std::vector<SessionSums> groups = {sum_up(measurements.predictions)};
  for (const Partition& part : partitions) {
    groups.insert(groups.end(), part.sums.begin(), part.sums.end());
  }
  if (measurements.first_visit) groups.push_back(*measurements.first_visit);
  if (measurements.by_market) {
    groups.push_back(measurements.by_market->with);
    groups.push_back(measurements.by_market->without);
  }
  if (measurements.return_visit) groups.push_back(*measurements.return_visit);
  const std::vector<std::vector<Estimate>> estimates =
      bootstrap(groups, measurements.sessions, threads);

  const std::vector<Estimate>& all = estimates[0];
  result.hit_rate = all[0];
  result.mrr = all[1];
  result.ndcg = all[2];
  result.later_precision = all[3];
  result.later_recall = all[4];
  result.later_ndcg = all[5];
  result.novelty = all[6];
  result.diversity = all[7];
  result.head_share = all[8];
  std::size_t group = 1;
  for (const Partition& part : partitions) {
    Segmentation segmentation{.key = part.key, .words = part.words};
    for (const std::string& name : part.names) {
      if (groups[group].predictions() > 0) {
        segmentation.segments.push_back({name, accuracy(groups[group], estimates[group])});
      }
      ++group;
    }
    result.segmentations.push_back(std::move(segmentation));
  }
  if (measurements.first_visit) {
    result.first_visit = accuracy(groups[group], estimates[group]);
    ++group;
  }
  if (measurements.by_market) {
    result.first_visit_by_market = {.with = accuracy(groups[group], estimates[group]),
                                    .without = accuracy(groups[group + 1], estimates[group + 1])};
    group += 2;
  }
  if (measurements.return_visit) result.return_visit = accuracy(groups[group], estimates[group]);
}

}  // namespace

Evaluation evaluate(const Bundle& bundle, const TestSessions& sessions,
                    const EvaluationOptions& given) {
  EvaluationOptions options = given;
  if (options.reference == nullptr) options.reference = &bundle;
  const ListMetrics list_metrics(bundle, *options.reference);
  Measurements measurements = predict(bundle, sessions, options, list_metrics);
  Evaluation result{.predictions = measurements.predictions.size(),
                    .head_items = list_metrics.head_size(),
                    .diversity_by = list_metrics.diversity_by()};
  if (measurements.predictions.empty()) return result;
  for (const Prediction& prediction : measurements.predictions) {
    if (prediction.target == TestSessions::kUnknown) ++result.unknown_targets;
  }
  if (options.next_only) {
    for (const Prediction& prediction : measurements.predictions) {
      const auto [hit, reciprocal, gain] = next_item_values(prediction.rank);
      result.hit_rate.mean += hit / static_cast<double>(result.predictions);
      result.mrr.mean += reciprocal / static_cast<double>(result.predictions);
      result.ndcg.mean += gain / static_cast<double>(result.predictions);
    }
    return result;
  }
  estimate(measurements, list_metrics, options.threads, result);
  if (options.hidden != nullptr) {
    result.hidden = evaluate_hidden(bundle, *options.hidden, measurements.predictions,
                                    measurements.sessions, options.k, options.threads);
  }
  const auto never = std::count(measurements.shown.begin(), measurements.shown.end(), 0U);
  result.coverage =
      1.0 - static_cast<double>(never) / static_cast<double>(measurements.shown.size());
  result.gini = gini(measurements.shown);
  result.exposure = lorenz_curve(std::move(measurements.shown), kCurvePoints);
  result.p50_us = percentile(measurements.microseconds, 0.50);
  result.p99_us = percentile(measurements.microseconds, 0.99);
  return result;
}

Accuracy evaluate_openings(const Bundle& bundle, const TestSessions& sessions,
                           const EvaluationOptions& given) {
  EvaluationOptions options = given;
  options.reference = &bundle;
  const ListMetrics list_metrics(bundle, bundle);
  std::vector<std::uint32_t> shown(bundle.item_count());
  Predictor predictor(bundle, sessions, options, list_metrics, shown);
  Accuracy result;
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    const Shopper known = sessions.known_before(s);
    if (known.events().empty()) continue;
    const std::uint32_t item = sessions.events[sessions.offsets[s]].item;
    const auto [hit, reciprocal, gain] =
        next_item_values(rank_in(predictor.opening_list(known), item));
    result.hit_rate.mean += hit;
    result.mrr.mean += reciprocal;
    result.ndcg.mean += gain;
    ++result.predictions;
  }
  if (result.predictions == 0) return result;
  for (Estimate* estimate : {&result.hit_rate, &result.mrr, &result.ndcg}) {
    estimate->mean /= static_cast<double>(result.predictions);
  }
  return result;
}

// Not in an unnamed namespace: the library finds these by the namespace of their argument.

static void to_json(nlohmann::json& out, const Accuracy& accuracy) {
  out = {{"predictions", accuracy.predictions}};
  put(out, "hit_rate", accuracy.hit_rate);
  put(out, "mrr", accuracy.mrr);
  put(out, "ndcg", accuracy.ndcg);
}

static void to_json(nlohmann::json& out, const Segment& segment) {
  to_json(out, segment.accuracy);
  out.push_back({"name", segment.name});
}

static void to_json(nlohmann::json& out, const Segmentation& segmentation) {
  out = {{"key", segmentation.key}, {"by", segmentation.words}, {"parts", segmentation.segments}};
}

static void to_json(nlohmann::json& out, const Evaluation::ByMarket& by_market) {
  out = {{"with", by_market.with}, {"without", by_market.without}};
}

void to_json(nlohmann::json& out, const Evaluation& evaluation) {
  nlohmann::json later;
  put(later, "precision", evaluation.later_precision);
  put(later, "recall", evaluation.later_recall);
  put(later, "ndcg", evaluation.later_ndcg);
  nlohmann::json lists = {{"coverage", evaluation.coverage},
                          {"gini", evaluation.gini},
                          {"exposure_curve", evaluation.exposure},
                          {"head_items", evaluation.head_items},
                          {"diversity_by", words(evaluation.diversity_by)}};
  put(lists, "novelty_bits", evaluation.novelty);
  put(lists, "diversity", evaluation.diversity);
  put(lists, "head_share", evaluation.head_share);
  to_json(out, evaluation.next_item());
  out.update({{"unknown_targets", evaluation.unknown_targets},
              {"all_later_items", std::move(later)},
              {"lists", std::move(lists)},
              {"segments", evaluation.segmentations},
              {"first_visit", base::or_null(evaluation.first_visit)},
              {"first_visit_by_country", base::or_null(evaluation.first_visit_by_market)},
              {"return_visit", base::or_null(evaluation.return_visit)}});
  if (evaluation.hidden) out.push_back({"hidden_items", *evaluation.hidden});
}

}  // namespace vitrine::recommend
