#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bundle/bundle_file.h"
#include "model/logged_sessions.h"
#include "recommend/evaluation/judgement.h"
#include "recommend/training/sizes.h"

namespace vitrine::commands {

/// --k, --drop-current, --filter-seen: the rules of a measurement.
struct RuleArguments {
  std::size_t k = 20;
  bool drop_current = false;
  bool filter_seen = false;

  void add_to(CLI::App& command);
  [[nodiscard]] bool given() const { return k != 20 || drop_current || filter_seen; }
  [[nodiscard]] recommend::EvaluationOptions options(bool last_only, unsigned threads) const {
    return {.k = k,
            .drop_current = drop_current,
            .filter_seen = filter_seen,
            .last_only = last_only,
            .threads = threads};
  }
};

/// Predicts the `logged` sessions with the bundle and, beside it, with
/// what it has to beat: its popularity alone and, if there is such a bundle, item-kNN and the
/// popularity of the last days. `hidden`: ids of items that the bundle was
/// not trained on, which are measured besides. Throws Error(kDataUnusable) when there is
/// nothing to predict.
[[nodiscard]] recommend::Judgement judge(const model::LoggedSessions& logged,
                                         const bundle::BundleFile& bundle,
                                         const std::optional<bundle::BundleFile>& baseline,
                                         const recommend::EvaluationOptions& options,
                                         std::span<const std::string> hidden = {});

/// Evaluates the same model in other sizes on the same sessions: budget, size, content, and quality
/// at predicting the next item. `reference` is the evaluated model; the sizes have the same items.
[[nodiscard]] std::vector<recommend::SizeJudgement> judge_sizes(
    const std::vector<recommend::Sized>& sizes, const recommend::TestSessions& sessions,
    const Bundle& reference, const recommend::EvaluationOptions& options);

/// The tables for people on stdout. `sizes` may be empty.
void print_judgement(const recommend::Judgement& judgement,
                     const std::vector<recommend::SizeJudgement>& sizes = {});

/// Returns the path at which `train` writes the baselines of a bundle: FILE.item-knn beside it.
[[nodiscard]] std::string item_knn_path(const std::string& bundle_path);

/// Opens the baselines beside `bundle_path`, if they exist and were trained with this bundle.
[[nodiscard]] std::optional<bundle::BundleFile> find_item_knn(const std::string& bundle_path,
                                                              const bundle::BundleFile& bundle);

}  // namespace vitrine::commands
