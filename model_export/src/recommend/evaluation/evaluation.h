#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "recommend/evaluation/bootstrap.h"
#include "recommend/evaluation/hidden_items.h"
#include "recommend/evaluation/predictor.h"
#include "recommend/evaluation/segments.h"
#include "recommend/evaluation/test_sessions.h"

namespace vitrine::recommend {

/// The results of evaluating a bundle. All means are over predictions, with 95 % intervals over
/// sessions. A target that the bundle does not have counts as a miss.
struct Evaluation {
  std::size_t predictions = 0;
  std::size_t unknown_targets = 0;

  // Metrics of the next item.
  Estimate hit_rate;  // target among the first k
  Estimate mrr;       // 1 / rank, or 0 below k
  Estimate ndcg;      // 1 / log2(1 + rank), or 0 below k

  // Metrics of all later items of the session. An item that comes several times counts once.
  Estimate later_precision;  // share of the k places with such an item
  Estimate later_recall;     // share of these items that are in the list
  Estimate later_ndcg;       // sum of the gains of their places, relative to the best possible sum

  // Metrics of the lists, measured by EvaluationOptions::reference.
  Estimate novelty;     // self-information of a shown item, in bits
  Estimate diversity;   // mean dissimilarity of two items of a list
  Estimate head_share;  // share of places with an item of the head
  std::size_t head_items = 0;
  DiversityBy diversity_by = DiversityBy::kSessionRows;
  // Metrics over all lists together. They have no intervals: a bootstrap sample leaves out a third
  // of the sessions, so it would always show fewer items, and less evenly, than all lists do.
  double coverage = 0.0;         // share of the items shown at least once
  double gini = 0.0;             // of the times each item was shown, including items never shown
  std::vector<double> exposure;  // the Lorenz curve of these times, in steps of 2 % of the items

  std::vector<Segmentation> segmentations;
  /// The first events of sessions, predicted without any history. They are in none of the numbers
  /// above. Empty for last_only, where these events were part of training.
  std::optional<Accuracy> first_visit;
  /// The first events of sessions whose country the bundle knows, predicted from the country, and
  /// for comparison without it.
  struct ByMarket {
    Accuracy with, without;
  };
  std::optional<ByMarket> first_visit_by_market;
  /// The first events of sessions of returning shoppers, predicted from their earlier sessions.
  std::optional<Accuracy> return_visit;

  /// Set with EvaluationOptions::hidden.
  std::optional<HiddenEvaluation> hidden;

  double p50_us = 0.0;  // time of one ranking in this run
  double p99_us = 0.0;

  [[nodiscard]] Accuracy next_item() const { return {predictions, hit_rate, mrr, ndcg}; }
};

/// Evaluates a bundle: ranks the whole catalogue for every prefix of every session with the ranker
/// of the core. All numbers except the times are the same for any number of threads.
[[nodiscard]] Evaluation evaluate(const Bundle& bundle, const TestSessions& sessions,
                                  const EvaluationOptions& options);

/// Returns hit rate and mean reciprocal rank of the first events of returning shoppers, without
/// intervals.
[[nodiscard]] Accuracy evaluate_openings(const Bundle& bundle, const TestSessions& sessions,
                                         const EvaluationOptions& options);

/// Converts everything except the times to JSON.
void to_json(nlohmann::json& out, const Evaluation& evaluation);

}  // namespace vitrine::recommend
