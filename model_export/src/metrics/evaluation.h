#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "ingest/database.h"
#include "vitrine/bundle.h"
#include "vitrine/session.h"

namespace vitrine::train {

/// Sessions to predict, in the item numbers of one bundle.
struct TestSessions {
  static constexpr std::uint32_t kUnknown = 0xFFFFFFFF;  // an item that the bundle does not have
  std::vector<std::uint64_t> offsets{0};                 // [sessions + 1]
  std::vector<SessionEvent> events;                      // oldest first in a session
  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
};

/// Reads (session, item id, kind) from `query`, which orders by session and position.
[[nodiscard]] TestSessions read_test_sessions(Database& database, const std::string& query,
                                              const Bundle& bundle);

/// The rules of a measurement. Without them a number means nothing.
struct EvaluationOptions {
  std::size_t k = 20;
  bool drop_current = false;         // the item just seen is never recommended
  bool filter_seen = false;          // nor is any seen before
  bool last_only = false;            // one prediction a session, of its last event (leave one out)
  std::size_t most_predictions = 0;  // 0: all; else about as many, of every n-th session
  std::optional<layout::Blend> blend;  // in place of the bundle's own
  unsigned threads = 1;
};

/// Means over predictions of the next item. A target that the bundle does not have is a miss.
struct Evaluation {
  std::size_t predictions = 0;
  std::size_t unknown_targets = 0;
  double hit_rate = 0.0;                           // target among the first k
  double mrr = 0.0;                                // 1 / rank, 0 below k
  double ndcg = 0.0;                               // 1 / log2(1 + rank), 0 below k
  double hit_rate_low = 0.0, hit_rate_high = 0.0;  // 95 % bootstrap interval over sessions
  double mrr_low = 0.0, mrr_high = 0.0;
  double coverage = 0.0;  // share of the bundle's items that were recommended at least once
  double p50_us = 0.0;    // of one ranking, in this run
  double p99_us = 0.0;
};

/// Ranks the whole catalogue for every prefix of every session through the core's own ranker.
[[nodiscard]] Evaluation evaluate(const Bundle& bundle, const TestSessions& sessions,
                                  const EvaluationOptions& options);

[[nodiscard]] nlohmann::json to_json(const Evaluation& evaluation);

}  // namespace vitrine::train
