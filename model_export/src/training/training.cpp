#include "training/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include "bundle/bundle_file.h"
#include "cli/error.h"
#include "metrics/evaluation.h"
#include "models/item_knn.h"
#include "training/budget.h"
#include "training/tuning.h"

namespace vitrine::train {
namespace {

using nlohmann::json;

/// What the trainers take from the events, once.
struct Statistics {
  ItemTable items;
  PairStatistics pairs;
  SessionTable sessions;
};

Statistics gather(Database& database, const StatisticsOptions& options, const OnStep& on_step) {
  Statistics statistics;
  on_step("counting items", 0.0);
  statistics.items = aggregate_items(database, options);
  on_step("counting pairs", 0.0);
  statistics.pairs =
      aggregate_pairs(database, options, static_cast<std::uint32_t>(statistics.items.ids.size()));
  on_step("reading sessions", 0.0);
  statistics.sessions = read_clicks(database);
  return statistics;
}

/// The catalogue's row of every item, and the catalogue's items that were never seen, which come
/// last.
void add_catalogue(Database& database, BundleContents& contents) {
  if (database.query_int64(
          "SELECT count(*) FROM information_schema.tables WHERE table_name = 'catalogue'") == 0) {
    return;
  }
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < contents.ids.size(); ++i) numbers.emplace(contents.ids[i], i);
  contents.attributes.resize(contents.ids.size());
  Rows rows =
      database.query("SELECT id, category, brand, price, available FROM catalogue ORDER BY id");
  while (const Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      const std::string id(chunk->text(0, i));
      const auto [at, is_new] = numbers.emplace(id, contents.ids.size());
      if (is_new) {
        contents.ids.push_back(id);
        contents.popularity.push_back(0.0);
        contents.attributes.emplace_back();
      }
      ItemAttributes& item = contents.attributes[at->second];
      item.category = chunk->text(1, i);
      item.brand = chunk->text(2, i);
      item.price =
          chunk->is_null(3, i) ? layout::kNoPrice : static_cast<float>(chunk->doubles(3)[i]);
      item.available = chunk->is_null(4, i) || chunk->bools(4)[i];
    }
  }
}

/// Solves models from the same statistics under different options, each part only when its own
/// options changed.
class Solver {
 public:
  Solver(Database& database, const Statistics& statistics, OnStep on_step)
      : statistics_(statistics), on_step_(std::move(on_step)) {
    base_.ids = statistics.items.ids;
    base_.popularity = statistics.items.popularity;
    add_catalogue(database, base_);
  }

  /// The contents of a bundle, with all session rows.
  [[nodiscard]] BundleContents solve(const TrainOptions& options) {
    BundleContents contents = base_;
    contents.settings = options.settings;
    contents.settings.embedding_alpha = options.als.alpha;
    contents.experiments = options.experiments;
    contents.session_rows = session_rows(options);
    contents.embeddings = embeddings(options);
    contents.embeddings.values.resize(contents.ids.size() * contents.embeddings.dims);
    return contents;
  }

 private:
  [[nodiscard]] std::uint32_t seen() const {
    return static_cast<std::uint32_t>(statistics_.items.ids.size());
  }

  const std::vector<SessionEntry>& session_rows(const TrainOptions& options) {
    if (rows_.empty() || rows_made_with_.alpha != options.rows.alpha ||
        rows_made_with_.ridge != options.rows.ridge) {
      rows_made_with_ = options.rows;
      rows_made_with_.threads = options.threads;
      rows_ = train_session_rows(statistics_.pairs, rows_made_with_, [this](std::size_t done) {
        on_step_("solving session rows", static_cast<double>(done) / seen());
      });
    }
    return rows_;
  }

  EmbeddingMatrix embeddings(const TrainOptions& options) {
    if (options.als.dims == 0) return {};
    if (embeddings_.dims != options.als.dims) {
      AlsOptions als = options.als;
      als.seed = options.seed;
      als.threads = options.threads;
      embeddings_ = train_als(statistics_.sessions, seen(), als, [&](std::size_t sweep) {
        on_step_("factorizing", static_cast<double>(sweep) / als.sweeps);
      });
    }
    return embeddings_;
  }

  const Statistics& statistics_;
  OnStep on_step_;
  BundleContents base_;
  SessionRowOptions rows_made_with_;
  std::vector<SessionEntry> rows_;
  EmbeddingMatrix embeddings_;
};

std::size_t budget(const TrainOptions& options, std::size_t items) {
  return options.max_bytes > 0 ? options.max_bytes : std::max<std::size_t>(65536, items * 45);
}

/// Builds bundles from one part of the log under different options, and keeps what it has counted.
class EarlyModels {
 public:
  EarlyModels(Database& database, std::int32_t from, std::int32_t before, OnStep on_step)
      : database_(database), from_(from), before_(before), on_step_(std::move(on_step)) {}

  [[nodiscard]] std::vector<std::byte> build(const TrainOptions& options) {
    Variant& variant = variant_of(options.statistics);
    BundleContents contents = variant.solver->solve(options);
    const std::size_t most = budget(options, contents.ids.size());
    const auto known = entries_.find(options.als.dims);
    if (known != entries_.end()) {
      contents.session_rows = strongest(contents.session_rows, known->second);
      return write_bundle(contents);
    }
    // What brotli 11 gets into the budget is about a tenth larger after brotli 9.
    Fitted fitted =
        options.raw_bytes
            ? fit_budget(std::move(contents), most, SizeOf::kRaw, options.threads)
            : fit_budget(std::move(contents), most + most / 10, SizeOf::kBrotli9, options.threads);
    entries_[options.als.dims] = fitted.entries;
    return std::move(fitted.bytes);
  }

  [[nodiscard]] bool empty(const TrainOptions& options) {
    return variant_of(options.statistics).statistics.items.ids.empty();
  }

 private:
  struct Variant {
    StatisticsOptions options;
    Statistics statistics;
    std::unique_ptr<Solver> solver;
  };

  Variant& variant_of(StatisticsOptions options) {
    options.sessions_from = from_;
    options.sessions_before = before_;
    for (const auto& variant : variants_) {
      if (variant->options == options) return *variant;
    }
    auto variant = std::make_unique<Variant>();
    variant->options = options;
    variant->statistics = gather(database_, options, on_step_);
    variant->solver = std::make_unique<Solver>(database_, variant->statistics, on_step_);
    return *variants_.emplace_back(std::move(variant));
  }

  Database& database_;
  std::int32_t from_;
  std::int32_t before_;
  OnStep on_step_;
  std::vector<std::unique_ptr<Variant>> variants_;
  std::map<std::uint32_t, std::size_t> entries_;  // that fit the budget, by dimensions
};

/// Chooses settings on the last tenth of the sessions, with models of what came before it: of all
/// of it in a small log, of the latest part in a large one, whose settings come out the same.
json choose_settings(Database& database, TrainOptions& options, const OnStep& on_step) {
  constexpr double kEvents = 1.2e6;
  const auto sessions = static_cast<double>(
      database.query_int64("SELECT CAST(max(session) + 1 AS BIGINT) FROM events"));
  const auto events = static_cast<double>(database.query_int64("SELECT count(*) FROM events"));
  const double before = std::floor(0.9 * sessions);
  const double from =
      std::max(0.0, std::floor(before - sessions * std::min(1.0, kEvents / events)));
  EarlyModels models(database, static_cast<std::int32_t>(from), static_cast<std::int32_t>(before),
                     on_step);
  if (models.empty(options)) return {{"reason", "too few sessions to hold some out"}};
  return tune(
      database,
      fmt::format("SELECT session, item, kind FROM events WHERE session >= {} AND kind <> 4 "
                  "ORDER BY session, position",
                  before),
      [&models](const TrainOptions& candidate) { return models.build(candidate); }, options,
      on_step);
}

}  // namespace

Trained train(Database& database, const TrainOptions& given, const json& source,
              const OnStep& watcher) {
  const OnStep on_step = watcher ? watcher : [](const std::string&, double) {};
  TrainOptions options = given;
  json report;

  if (options.tune) report["choice"] = choose_settings(database, options, on_step);
  const Statistics statistics = gather(database, options.statistics, on_step);
  if (statistics.items.ids.empty()) {
    throw Error(ExitCode::kDataUnusable,
                "There is no event to learn from. `vitrine validate` says what was refused.");
  }
  BundleContents contents = Solver(database, statistics, on_step).solve(options);
  const std::size_t most = budget(options, contents.ids.size());

  report["vitrine"] = VITRINE_VERSION;
  report["source"] = source;
  report["counts"] = {{"items", contents.ids.size()},
                      {"items_with_events", statistics.items.ids.size()},
                      {"sessions", statistics.sessions.size()},
                      {"events", statistics.sessions.items.size()},
                      {"pairs", statistics.pairs.pairs()}};
  report["settings"] = to_json(options);
  report["seed"] = options.seed;
  contents.metadata = report;

  on_step("fitting the budget", 0.0);
  BundleContents baseline{.ids = statistics.items.ids, .popularity = statistics.items.popularity};
  Fitted fitted = fit_budget(std::move(contents), most,
                             options.raw_bytes ? SizeOf::kRaw : SizeOf::kBrotli11, options.threads);
  Trained trained;
  baseline.session_rows = item_knn_rows(statistics.pairs, {});
  baseline.settings = item_knn_settings();
  trained.bundle = std::move(fitted.bytes);
  baseline.metadata = {{"baseline", "item-kNN"}, {"bundle", content_name(trained.bundle)}};
  trained.item_knn = write_bundle(baseline);
  report["bundle"] = {
      {"bytes", trained.bundle.size()},
      {"brotli_bytes", options.raw_bytes ? brotli_size(trained.bundle) : fitted.size},
      {"budget", {{"bytes", most}, {"raw", options.raw_bytes}}},
      {"session_entries", fitted.entries}};
  trained.report = std::move(report);
  return trained;
}

}  // namespace vitrine::train
