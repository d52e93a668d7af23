#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "recommend/evaluation/bootstrap.h"
#include "recommend/evaluation/hidden_items.h"
#include "recommend/evaluation/player.h"
#include "recommend/evaluation/segments.h"
#include "recommend/evaluation/test_sessions.h"

namespace vitrine::recommend {

/// What measuring a bundle gave. Means are over predictions, with 95 % intervals over sessions. A
/// target that the bundle does not have is a miss.
struct Evaluation {
  std::size_t predictions = 0;
  std::size_t unknown_targets = 0;

  // The next item.
  Estimate hit_rate;  // among the first k
  Estimate mrr;       // 1 / rank, 0 below k
  Estimate ndcg;      // 1 / log2(1 + rank), 0 below k

  // All later items of the session, each once however often it comes.
  Estimate later_precision;  // share of the k places that hold one
  Estimate later_recall;     // share of them in the list
  Estimate later_ndcg;       // of the gains of their places, over the most that could be

  // The lists themselves, by the yardstick of EvaluationOptions::reference.
  Estimate novelty;     // bits of self-information of an item shown
  Estimate diversity;   // mean dissimilarity of two items of a list
  Estimate head_share;  // share of places that go to items of the head
  std::size_t head_items = 0;
  DiversityBy diversity_by = DiversityBy::kSessionRows;
  // Of all lists together. No intervals: sessions drawn with replacement leave out a third of the
  // lists, so every sample would cover less, and less evenly, than all of them do.
  double coverage = 0.0;         // share of the items shown at least once
  double gini = 0.0;             // of how often each item was shown, items never shown included
  std::vector<double> exposure;  // the Lorenz curve of that, in steps of 2 % of the items

  std::vector<Segmentation> segmentations;
  /// First events of sessions, predicted without any history. In none of the numbers above. Not for
  /// last_only, where they were trained on.
  std::optional<Accuracy> first_visit;
  /// Those of these events whose session's country the bundle knows, predicted from that, and from
  /// nothing.
  struct ByMarket {
    Accuracy with, without;
  };
  std::optional<ByMarket> first_visit_by_market;
  /// The same events where the shopper has earlier sessions, predicted from these.
  std::optional<Accuracy> return_visit;

  /// With EvaluationOptions::hidden.
  std::optional<HiddenEvaluation> hidden;

  double p50_us = 0.0;  // of one ranking, in this run
  double p99_us = 0.0;
};

/// Ranks the whole catalogue for every prefix of every session through the core's own ranker. The
/// same numbers, but for the times, at any number of threads.
[[nodiscard]] Evaluation evaluate(const Bundle& bundle, const TestSessions& sessions,
                                  const EvaluationOptions& options);

/// Hit rate and mean reciprocal rank of the first events of shoppers who come back, without
/// intervals.
[[nodiscard]] Accuracy evaluate_openings(const Bundle& bundle, const TestSessions& sessions,
                                         const EvaluationOptions& options);

/// All but the times.
[[nodiscard]] nlohmann::json to_json(const Evaluation& evaluation);

}  // namespace vitrine::recommend
