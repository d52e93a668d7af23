#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "bundle/bundle_file.h"
#include "ingest/database.h"
#include "metrics/evaluation.h"

namespace vitrine::train {

/// --k, --drop-current, --filter-seen: the rules of a measurement.
struct RuleArguments {
  std::size_t k = 20;
  bool drop_current = false;
  bool filter_seen = false;

  void add_to(CLI::App& command);
  [[nodiscard]] bool given() const { return k != 20 || drop_current || filter_seen; }
  [[nodiscard]] EvaluationOptions options(bool last_only, unsigned threads) const {
    return {.k = k,
            .drop_current = drop_current,
            .filter_seen = filter_seen,
            .last_only = last_only,
            .threads = threads};
  }
};

/// A model measured beside its baselines.
struct Judgement {
  Evaluation model;
  Evaluation popularity;
  std::optional<Evaluation> item_knn;
  double seconds = 0.0;
};

/// Predicts the sessions of `query` (session, item id, kind) with the bundle, with its popularity
/// alone, and with item-kNN if there is such a bundle.
[[nodiscard]] Judgement judge(Database& database, const std::string& query,
                              const BundleFile& bundle, const std::optional<BundleFile>& item_knn,
                              const EvaluationOptions& options);

/// The numbers and the rules they were made by.
[[nodiscard]] nlohmann::json to_json(const Judgement& judgement, const EvaluationOptions& options);

/// A table for people on stdout.
void print(const Judgement& judgement, const EvaluationOptions& options);

/// Where `train` puts the item-kNN that a bundle has to beat: beside it, as FILE.item-knn.
[[nodiscard]] std::string item_knn_path(const std::string& bundle_path);

/// Opens the baseline beside `bundle_path`, if there is one and it was trained with this bundle.
[[nodiscard]] std::optional<BundleFile> find_item_knn(const std::string& bundle_path,
                                                      const BundleFile& bundle);

}  // namespace vitrine::train
