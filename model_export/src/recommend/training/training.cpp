#include "recommend/training/training.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "bundle/bundle_file.h"
#include "bundle/bundle_writer.h"
#include "recommend/models/partition_trainer.h"
#include "recommend/training/baseline_bundle.h"
#include "recommend/training/early_models.h"
#include "recommend/training/first_visit_choice.h"
#include "recommend/training/model_card.h"
#include "recommend/training/solver.h"
#include "recommend/training/tuning.h"

namespace vitrine::recommend {
namespace {

OnStep or_nothing(const OnStep& watcher) {
  return watcher ? watcher : [](const std::string&, double) {};
}

/// Chooses settings by how well models of a part of the log predict the rest.
SettingsChoice choose_settings(statistics::TrainingSource& source, TrainOptions& options,
                               const OnStep& on_step) {
  statistics::HeldOutSessions held_out = source.hold_out(options.hold_out);
  if (!held_out.early) return {.reason = "too few sessions to hold some out"};
  if (held_out.early->count_items(options.statistics).ids.empty()) {
    return {.reason = "too few shoppers to hold some out"};
  }
  EarlyModels models(*held_out.early, source.catalogue(), on_step);
  return tune(
      {.sessions = std::move(held_out.sessions),
       .fingerprint = std::move(held_out.fingerprint),
       .span_days = held_out.early->span_days()},
      [&models](const TrainOptions& candidate) { return models.build(candidate); }, options,
      on_step);
}

}  // namespace

Trained train(const model::TrainingData& data, const TrainOptions& given, TrainingReport report,
              const OnStep& watcher, const std::optional<std::vector<std::size_t>>& sizes) {
  const OnStep on_step = or_nothing(watcher);
  const model::LogStatistics& statistics = data.statistics;
  if (statistics.items.ids.empty() && statistics.floor.events > 0) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("None of the {} items of the log has events of {} distinct shoppers, so "
                    "nothing may be published. A larger log helps; --min-shoppers 0 trains without "
                    "this limit, for a log without people in it.",
                    statistics.floor.items, statistics.floor.min_shoppers));
  }
  if (statistics.items.ids.empty()) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        "There are no events for training. `vitrine validate` shows the refused rows.");
  }
  TrainOptions options = given;
  if (options.content.weight == 0.0F) options.content.weight = new_item_weight(data.new_items);
  LazyTeacher teacher;
  Solver solver(statistics, data.catalogue, teacher, options, on_step);
  bundle::BundleContents contents = solver.solve(options);
  if (options.markets) contents.markets = data.markets;
  if (partitions_pay(contents.embeddings)) {
    on_step("dividing embeddings", 0.0);
    contents.partitions =
        train_partitions(contents.embeddings, {.seed = options.seed, .threads = options.threads});
  }
  const std::size_t most = byte_budget(options, contents.ids.size());

  report.counts = {.items = contents.ids.size(),
                   .items_with_events = statistics.items.ids.size(),
                   .sessions = options.statistics.has_floor() ? statistics.floor.sessions
                                                              : statistics.sessions.size(),
                   .events = statistics.sessions.items.size(),
                   .pairs = statistics.pairs.pairs()};
  if (options.statistics.has_floor()) report.floor = statistics.floor;
  report.new_items = solver.new_items().counts();
  report.options = options;
  report.card = model_card(report.source, report.choice);
  contents.metadata = report;

  on_step("fitting the budget", 0.0);
  const SizeOf measure = options.raw_bytes ? SizeOf::kRaw : SizeOf::kBrotli11;
  const auto sample_for = [&](const bundle::BundleContents& of, std::size_t bytes) {
    return sample_sessions(of, statistics, options, bytes, measure);
  };
  Trained trained;
  if (sizes) {
    trained.sizes = fit_sizes(contents, sizes->empty() ? usual_sizes(most) : *sizes, measure,
                              options.threads, sample_for);
  }
  contents.sessions = sample_for(contents, most);
  const std::size_t sampled = contents.sessions.size();
  const std::size_t sampled_entries = contents.sessions.items.size();
  Fitted fitted = fit_budget(std::move(contents), most, measure, options.threads);
  trained.bundle = std::move(fitted.bytes);
  trained.item_knn =
      baseline_bundle(statistics, data.recent_events, bundle::content_name(trained.bundle));
  report.bundle = {
      .file = {},
      .bytes = trained.bundle.size(),
      .brotli_bytes = options.raw_bytes ? bundle::brotli_size(trained.bundle) : fitted.size,
      .budget_bytes = most,
      .budget_is_raw = options.raw_bytes,
      .session_entries = fitted.entries,
      .sampled_sessions = sampled,
      .sampled_entries = sampled_entries};
  trained.report = std::move(report);
  return trained;
}

Trained train(statistics::TrainingSource& source, const TrainOptions& given,
              const std::optional<data::LogSummary>& log, const OnStep& watcher,
              const std::optional<std::vector<std::size_t>>& sizes) {
  const OnStep on_step = or_nothing(watcher);
  if (const auto catalogue = source.catalogue()) bundle::check_catalogue(catalogue->attributes);
  TrainOptions options = given;
  TrainingReport report{.source = log};
  if (options.tune) {
    if (options.content.weight == 0.0F) {
      options.content.weight = new_item_weight(source.new_item_counts(options.statistics));
    }
    on_step("choosing what comes first", 0.0);
    report.first_visit = choose_first_visit(source, options);
    report.choice = choose_settings(source, options, on_step);
  }
  return train(source.training_data(options.statistics, on_step), options, std::move(report),
               on_step, sizes);
}

}  // namespace vitrine::recommend
