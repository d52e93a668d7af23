#include "recommend/training/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "bundle/bundle_file.h"
#include "data/catalogue.h"
#include "recommend/evaluation/evaluation.h"
#include "recommend/models/baseline_bundle.h"
#include "recommend/models/partition_trainer.h"
#include "recommend/models/session_sample.h"
#include "recommend/training/budget.h"
#include "recommend/training/first_visit_choice.h"
#include "recommend/training/model_card.h"
#include "recommend/training/new_items.h"
#include "recommend/training/tuning.h"
#include "statistics/markets.h"

namespace vitrine::recommend {
namespace {

using nlohmann::json;

/// What the trainers take from the events, once.
struct Statistics {
  statistics::ItemTable items;
  model::PairStatistics pairs;
  statistics::SessionTable sessions;
};

Statistics gather(data::Database& database, const statistics::StatisticsOptions& options,
                  const OnStep& on_step, std::string_view events = "events") {
  Statistics statistics;
  on_step("counting items", 0.0);
  statistics.items = statistics::aggregate_items(database, options, events);
  on_step("counting pairs", 0.0);
  statistics.pairs = statistics::aggregate_pairs(database, options, statistics.items);
  on_step("reading sessions", 0.0);
  statistics.sessions = statistics::read_clicks(database);
  return statistics;
}

/// Ids, popularity and the catalogue's row of every item. The catalogue's items that were never
/// seen come last.
bundle::BundleContents describe_items(data::Database& database,
                                      const statistics::ItemTable& items) {
  bundle::BundleContents contents;
  contents.ids = items.ids;
  contents.popularity = items.popularity;
  if (!data::has_catalogue(database)) return contents;
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < contents.ids.size(); ++i) numbers.emplace(contents.ids[i], i);
  contents.attributes.resize(contents.ids.size());
  data::Rows rows =
      database.query("SELECT id, category, brand, price, available FROM catalogue ORDER BY id");
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      const std::string id(chunk->text(0, i));
      const auto [at, is_new] = numbers.emplace(id, contents.ids.size());
      if (is_new) {
        contents.ids.push_back(id);
        contents.popularity.push_back(0.0);
        contents.attributes.emplace_back();
      }
      bundle::ItemAttributes& item = contents.attributes[at->second];
      item.category = chunk->text(1, i);
      item.brand = chunk->text(2, i);
      item.price =
          chunk->is_null(3, i) ? layout::kNoPrice : static_cast<float>(chunk->doubles(3)[i]);
      item.available = chunk->is_null(4, i) || chunk->bools(4)[i];
    }
  }
  return contents;
}

std::size_t budget(const TrainOptions& options, std::size_t items) {
  return options.max_bytes > 0 ? options.max_bytes : std::max<std::size_t>(65536, items * 45);
}

/// Trains a teacher when first asked for what it says, and keeps that.
class LazyTeacher {
 public:
  const std::vector<model::SessionEntry>& says(const Statistics& statistics,
                                               const TrainOptions& options, const OnStep& on_step) {
    const auto items = static_cast<std::uint32_t>(statistics.items.ids.size());
    if (!says_ && items <= kMostItems) {
      TeacherOptions chosen = options.teacher;
      chosen.seed = options.seed;
      chosen.threads = options.threads;
      says_ = train_teacher(statistics.sessions, items, chosen,
                            [&](double share) { on_step("training the teacher", share); });
    }
    if (!says_) says_.emplace();
    return *says_;
  }

 private:
  /// It asks the teacher about every pair of items: minutes for more than these.
  static constexpr std::uint32_t kMostItems = 120'000;
  std::optional<std::vector<model::SessionEntry>> says_;
};

/// Solves models from the same statistics under different options, each part only when its own
/// options changed.
class Solver {
 public:
  /// Of `options`, those of content and threads count here. `teacher` may be shared by solvers
  /// whose statistics number the same items alike.
  Solver(data::Database& database, const Statistics& statistics, LazyTeacher& teacher,
         const TrainOptions& options, OnStep on_step)
      : statistics_(statistics),
        teacher_(teacher),
        on_step_(std::move(on_step)),
        base_(describe_items(database, statistics.items)),
        new_items_(database, base_, seen(), options.content, options.threads) {
    new_items_.lend_popularity(base_.popularity);
  }

  /// The contents of a bundle, with all session rows.
  [[nodiscard]] bundle::BundleContents solve(const TrainOptions& options) {
    bundle::BundleContents contents = base_;
    contents.settings = options.settings;
    contents.settings.embedding_alpha = options.als.alpha;
    contents.experiments = options.experiments;
    contents.session_rows = session_rows(options);
    contents.embeddings = embeddings(options);
    return contents;
  }

  [[nodiscard]] const NewItems& new_items() const { return new_items_; }

 private:
  [[nodiscard]] std::uint32_t seen() const {
    return static_cast<std::uint32_t>(statistics_.items.ids.size());
  }

  const std::vector<model::SessionEntry>& session_rows(const TrainOptions& options) {
    if (rows_.empty() || rows_made_with_.alpha != options.rows.alpha ||
        rows_made_with_.ridge != options.rows.ridge ||
        rows_made_with_.teacher != options.rows.teacher) {
      rows_made_with_ = options.rows;
      rows_made_with_.threads = options.threads;
      std::span<const model::SessionEntry> teacher;
      if (options.rows.teacher > 0.0F) teacher = teacher_.says(statistics_, options, on_step_);
      rows_ =
          train_session_rows(statistics_.pairs, teacher, rows_made_with_, [this](std::size_t done) {
            on_step_("solving session rows", static_cast<double>(done) / seen());
          });
      new_items_.lend_rows(rows_, options.rows.sources);
    }
    return rows_;
  }

  bundle::EmbeddingMatrix embeddings(const TrainOptions& options) {
    if (options.als.dims == 0) return {};
    if (embeddings_.dims != options.als.dims) {
      AlsOptions als = options.als;
      als.seed = options.seed;
      als.threads = options.threads;
      embeddings_ = train_als(statistics_.sessions, seen(), als, [&](std::size_t sweep) {
        on_step_("factorizing", static_cast<double>(sweep) / als.sweeps);
      });
      new_items_.lend_embeddings(embeddings_, budget(options, base_.ids.size()));
    }
    embeddings_.residuals = options.als.residuals;
    return embeddings_;
  }

  const Statistics& statistics_;
  LazyTeacher& teacher_;
  OnStep on_step_;
  bundle::BundleContents base_;
  NewItems new_items_;
  SessionRowOptions rows_made_with_;
  std::vector<model::SessionEntry> rows_;
  bundle::EmbeddingMatrix embeddings_;
};

/// Sessions for the bundle, if the ranking gives them any weight.
model::SampledSessions sample(const bundle::BundleContents& contents, const Statistics& statistics,
                              const TrainOptions& options, std::size_t max_bytes, SizeOf measure) {
  const layout::Settings& settings = options.settings;
  const bool unused = settings.recommend.neighbours == 0.0F && settings.similar.neighbours == 0.0F;
  if (unused || options.neighbours.share == 0.0F) return {};
  const SessionSampler sampler(statistics.sessions, statistics.pairs);
  const std::size_t most =
      options.neighbours.entries > 0 ? options.neighbours.entries : sampler.entries();
  return fit_sample(contents, sampler, most, static_cast<double>(options.neighbours.share),
                    max_bytes, measure);
}

/// Builds bundles from the table `early` under different options. Keeps the statistics of the last
/// few, since tuning turns one setting at a time.
class EarlyModels {
 public:
  EarlyModels(data::Database& database, OnStep on_step)
      : database_(database), on_step_(std::move(on_step)) {}

  /// Nothing when embeddings would take more than half of the budget.
  [[nodiscard]] std::vector<std::byte> build(const TrainOptions& options) {
    Variant& variant = variant_of(options);
    bundle::BundleContents contents = variant.solver->solve(options);
    const std::size_t most = budget(options, contents.ids.size());
    if (2 * contents.ids.size() * options.als.dims > most) return {};
    // What brotli 11 gets into the budget is about a tenth larger after brotli 9.
    const SizeOf measure = options.raw_bytes ? SizeOf::kRaw : SizeOf::kBrotli9;
    const std::size_t quick_most = options.raw_bytes ? most : most + most / 10;
    if (const auto made = variant.samples.find(sample_key(options));
        made != variant.samples.end()) {
      contents.sessions = made->second;
    } else {
      contents.sessions = sample(contents, variant.statistics, options, quick_most, measure);
      variant.samples.emplace(sample_key(options), contents.sessions);
    }
    const auto [known, is_new] = entries_.try_emplace(sample_key(options));
    if (is_new) {
      known->second = fit_budget(contents, quick_most, measure, options.threads).entries;
    }
    // Not arranged: held-out events are in the numbers of the first bundle, and of all others.
    contents.session_rows = strongest(contents.session_rows, known->second);
    return bundle::write_bundle(contents);
  }

 private:
  /// What decides which sessions are sampled from the same statistics.
  using SampleKey = std::tuple<bool, std::uint32_t, std::uint32_t, float>;
  static SampleKey sample_key(const TrainOptions& options) {
    const layout::Settings& settings = options.settings;
    return {settings.recommend.neighbours > 0.0F || settings.similar.neighbours > 0.0F,
            options.als.dims, options.neighbours.entries, options.neighbours.share};
  }

  struct Variant {
    statistics::StatisticsOptions options;
    Statistics statistics;
    std::unique_ptr<Solver> solver;
    std::map<SampleKey, model::SampledSessions> samples;
  };
  static constexpr std::size_t kKept = 2;

  Variant& variant_of(const TrainOptions& options) {
    const auto at = std::find_if(variants_.begin(), variants_.end(), [&](const auto& variant) {
      return variant->options == options.statistics;
    });
    if (at != variants_.end()) {
      std::rotate(at, at + 1, variants_.end());  // the latest last
      return *variants_.back();
    }
    if (variants_.size() == kKept) variants_.erase(variants_.begin());
    auto variant = std::make_unique<Variant>();
    variant->options = options.statistics;
    variant->statistics = gather(database_, options.statistics, on_step_, "early");
    variant->solver =
        std::make_unique<Solver>(database_, variant->statistics, teacher_, options, on_step_);
    return *variants_.emplace_back(std::move(variant));
  }

  data::Database& database_;
  OnStep on_step_;
  std::vector<std::unique_ptr<Variant>> variants_;
  LazyTeacher teacher_;
  std::map<SampleKey, std::size_t> entries_;  // of session rows that fit the budget
};

/// Stands for the rows of a table in whatever order: how many, and the sum of their hashes.
std::string fingerprint(data::Database& database, const std::string& table) {
  data::Rows rows =
      database.query(fmt::format("SELECT CAST(count(*) AS VARCHAR) || ':' || "
                                 "CAST(sum(CAST(hash(rows) AS HUGEINT)) AS VARCHAR) "
                                 "FROM {} AS rows",
                                 table));
  const data::Chunk* chunk = rows.next();
  return chunk == nullptr || chunk->size() == 0 || chunk->is_null(0, 0)
             ? std::string()
             : std::string(chunk->text(0, 0));
}

/// Makes the table `early`, which models are tried on, and says what is held out of it. Of a large
/// log only the latest part is looked at, whose settings come out the same.
HeldOut hold_out(data::Database& database, HoldOut part) {
  constexpr double kEvents = 1.2e6;
  const auto sessions = static_cast<double>(
      database.query_int64("SELECT CAST(coalesce(max(session) + 1, 0) AS BIGINT) FROM events"));
  const auto events = static_cast<double>(database.query_int64("SELECT count(*) FROM events"));
  const double last = part == HoldOut::kLastSessions ? std::floor(0.9 * sessions) : sessions;
  const double from =
      std::max(0.0, std::floor(last - sessions * std::min(1.0, kEvents / std::max(events, 1.0))));
  const std::string in_part = fmt::format("session >= {} AND kind <> 4", from);
  std::string asked;  // condition on rows; all others may be learnt from
  switch (part) {
    case HoldOut::kLastSessions:
      asked = fmt::format("session >= {}", last);
      break;
    case HoldOut::kLastEvents:
      asked = "place = length AND length >= 3";
      break;
    case HoldOut::kLatestEvents:
      asked = fmt::format("time > (SELECT quantile_disc(time, 0.9) FROM events WHERE {})", in_part);
      break;
  }
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE tuning_events AS SELECT *, {1} AS asked FROM (SELECT *, "
      "row_number() OVER "
      "(PARTITION BY session ORDER BY position) AS place, count(*) OVER (PARTITION BY session) AS "
      "length FROM events WHERE {0});"
      "CREATE OR REPLACE TABLE early AS SELECT * FROM tuning_events WHERE NOT asked",
      in_part, asked));
  HeldOut held_out;
  held_out.query = test_query(
      "tuning_events", "session IN (SELECT session FROM tuning_events WHERE asked)", "asked");
  held_out.data = fingerprint(database, "tuning_events");
  if (data::has_catalogue(database))
    held_out.data.append(" ").append(fingerprint(database, "catalogue"));
  held_out.span_days = static_cast<double>(database.query_int64(
                           "SELECT coalesce(max(time) - min(time), 0) FROM early")) /
                       86400.0;
  return held_out;
}

/// Chooses settings by how models of a part of the log predict the rest.
json choose_settings(data::Database& database, TrainOptions& options, const OnStep& on_step) {
  const HeldOut held_out = hold_out(database, options.hold_out);
  json report = {{"reason", "too few sessions to hold some out"}};
  if (database.query_int64("SELECT count(*) FROM early") > 0) {
    EarlyModels models(database, on_step);
    report = tune(
        database, held_out,
        [&models](const TrainOptions& candidate) { return models.build(candidate); }, options,
        on_step);
  }
  database.execute("DROP TABLE early; DROP TABLE tuning_events");
  return report;
}

}  // namespace

Trained train(data::Database& database, const TrainOptions& given, const json& source,
              const OnStep& watcher, const std::optional<std::vector<std::size_t>>& sizes) {
  const OnStep on_step = watcher ? watcher : [](const std::string&, double) {};
  TrainOptions options = given;
  json report;

  if (options.content.weight == 0.0F) options.content.weight = new_item_weight(database);
  std::size_t resumed = 0;
  if (options.tune) {
    on_step("choosing what comes first", 0.0);
    report["first_visit"] = choose_first_visit(database, options);
    json choice = choose_settings(database, options, on_step);
    // Not for the metadata: an interruption must not show in the bundle.
    resumed = choice.value("resumed", std::size_t{0});
    choice.erase("resumed");
    report["choice"] = std::move(choice);
  }
  const Statistics statistics = gather(database, options.statistics, on_step);
  if (statistics.items.ids.empty()) {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        "There are no events for training. `vitrine validate` shows the refused rows.");
  }
  LazyTeacher teacher;
  Solver solver(database, statistics, teacher, options, on_step);
  bundle::BundleContents contents = solver.solve(options);
  if (options.markets) {
    contents.markets =
        statistics::aggregate_markets(database, options.statistics, statistics.items);
  }
  if (partitions_pay(contents.embeddings)) {
    on_step("dividing embeddings", 0.0);
    contents.partitions =
        train_partitions(contents.embeddings, {.seed = options.seed, .threads = options.threads});
  }
  const std::size_t most = budget(options, contents.ids.size());

  report["vitrine"] = VITRINE_VERSION;
  report["source"] = source;
  report["counts"] = {{"items", contents.ids.size()},
                      {"items_with_events", statistics.items.ids.size()},
                      {"sessions", statistics.sessions.size()},
                      {"events", statistics.sessions.items.size()},
                      {"pairs", statistics.pairs.pairs()}};
  report["new_items"] = solver.new_items().report();
  report["settings"] = to_json(options);
  report["seed"] = options.seed;
  report["card"] = model_card(report);
  contents.metadata = report;

  on_step("fitting the budget", 0.0);
  const SizeOf measure = options.raw_bytes ? SizeOf::kRaw : SizeOf::kBrotli11;
  const auto sample_for = [&](const bundle::BundleContents& of, std::size_t bytes) {
    return sample(of, statistics, options, bytes, measure);
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
      baseline_bundle(statistics.items, statistics.pairs,
                      count_recent_events(database, statistics.items.ids.size(), kRecentDays),
                      bundle::content_name(trained.bundle));
  report["bundle"] = {
      {"bytes", trained.bundle.size()},
      {"brotli_bytes", options.raw_bytes ? bundle::brotli_size(trained.bundle) : fitted.size},
      {"budget", {{"bytes", most}, {"raw", options.raw_bytes}}},
      {"session_entries", fitted.entries},
      {"sampled_sessions", sampled},
      {"sampled_entries", sampled_entries}};
  report["resumed"] = resumed;
  trained.report = std::move(report);
  return trained;
}

}  // namespace vitrine::recommend
