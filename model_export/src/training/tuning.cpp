#include "training/tuning.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <utility>

#include "bundle/bundle_file.h"
#include "metrics/evaluation.h"
#include "training/knobs.h"

namespace vitrine::train {
namespace {

using nlohmann::json;

/// Below this many held-out predictions the differences between settings are noise.
constexpr std::size_t kFewest = 300;
/// Rankings from session rows alone cost microseconds; those with embeddings scan all items.
constexpr std::size_t kMostSparse = 40000;
constexpr std::size_t kMostDense = 6000;
/// Turns of all knobs. The second mends what the first chose while others still stood wrong.
constexpr int kTurns = 2;
/// What embeddings must add to be worth a scan of all items at every ranking.
constexpr double kWorthAScan = 0.002;
/// What sampled sessions must add to be worth their memory, and that the file shows them.
constexpr double kWorthSessions = 0.001;

constexpr const char* kNeighboursModel = "session neighbours";
constexpr const char* kEmbeddingsModel = "embeddings";

struct Score {
  double hit_rate = 0.0;
  double mrr = 0.0;
  [[nodiscard]] double sum() const { return hit_rate + mrr; }
};

json to_json(const Score& score) {
  return {{"score", score.sum()}, {"hit_rate", score.hit_rate}, {"mrr", score.mrr}};
}

/// The best bundle of a kind, taken or not.
struct Rival {
  std::string model;    // "session neighbours"
  std::string setting;  // the last that was turned, and to what
  double value = 0.0;
  double score = 0.0;
  std::vector<std::byte> bytes;
};

/// Judges candidates against the best one so far.
class Contest {
 public:
  Contest(Database& database, const HeldOut& held_out, BuildBundle build, TrainOptions& options)
      : build_(std::move(build)),
        options_(options),
        best_(BundleFile::open(build_(options))),
        sessions_(read_test_sessions(database, held_out.query, best_.bundle())),
        deadline_(std::chrono::steady_clock::now() +
                  std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                      std::chrono::duration<double>(60.0 * options.tune_minutes))) {
    const std::size_t predictions =
        static_cast<std::size_t>(std::count(sessions_.asked.begin(), sessions_.asked.end(), true));
    if (predictions < kFewest) return;
    worth_it_ = true;
    start_ = best_score_ = judge(best_, "start", 0.0);
  }

  [[nodiscard]] bool worth_it() const { return worth_it_; }
  [[nodiscard]] bool has_past() const { return !sessions_.past.empty(); }
  [[nodiscard]] double best() const { return best_score_.sum(); }

  /// Turns a knob up while that helps, else down while that helps.
  void climb(const Knob& knob) {
    const auto& values = knob.values;
    const double at = knob.get(options_);
    const auto nearest = std::min_element(values.begin(), values.end(), [at](double a, double b) {
      return std::fabs(a - at) < std::fabs(b - at);
    });
    const auto from = nearest - values.begin();
    const double before = best();
    for (const int step : {1, -1}) {
      for (auto i = from + step; i >= 0 && i < std::ssize(values); i += step) {
        if (!enter(knob, values[static_cast<std::size_t>(i)])) break;
      }
      if (best() > before) return;
    }
  }

  /// Turns a knob by the first events of shoppers who come back. It must not matter elsewhere.
  void climb_by_openings(const Knob& knob) {
    const Score score = best_score_;
    openings_ = true;
    best_score_ = judge(best_, "start of first events", 0.0);
    climb(knob);
    openings_ = false;
    best_score_ = score;
  }

  /// Until `go_sparse` rankings scan all items, so fewer of them are judged.
  void go_dense() {
    most_ = kMostDense;
    best_score_ = judge(best_, "start of embeddings", 0.0);
  }
  void go_sparse() {
    most_ = kMostSparse;
    best_score_ = judge(best_, "embeddings left out", 0.0);
  }

  /// What comes now competes with the best so far, which stands for session rows alone.
  void begin(const std::string& model) {
    if (rows_.empty()) rows_.assign(best_.bytes().begin(), best_.bytes().end());
    rivals_.push_back({.model = model, .setting = {}, .bytes = {}});
  }

  /// Why each kind of model was taken or left out, for people: what it adds to the hit rate of
  /// session rows, in all and by events of the session so far.
  [[nodiscard]] json reasons() {
    json reasons = json::array();
    if (rows_.empty()) return reasons;
    const BundleFile rows = BundleFile::open(std::move(rows_));
    EvaluationOptions rule = options_.rules.front();
    rule.most_predictions = kMostDense;
    rule.threads = options_.threads;
    rule.reference = &rows.bundle();
    const Evaluation without = evaluate(rows.bundle(), sessions_, rule);
    for (Rival& rival : rivals_) {
      if (rival.bytes.empty()) continue;
      const BundleFile bundle = BundleFile::open(std::move(rival.bytes));
      const Evaluation with = evaluate(bundle.bundle(), sessions_, rule);
      const layout::Blend& blend = options_.settings.recommend;
      const bool taken =
          rival.model == kNeighboursModel ? blend.neighbours > 0.0F : blend.embeddings > 0.0F;
      std::string words = fmt::format(
          "{} ({} {:g}) {}: HR@{} {:+.4f} beside session rows alone, by events of the session so "
          "far",
          rival.model, rival.setting, rival.value, taken ? "taken" : "left out", rule.k,
          with.hit_rate.mean - without.hit_rate.mean);
      const auto& lengths = with.segmentations.front().segments;
      for (std::size_t i = 0; i < lengths.size(); ++i) {
        words += fmt::format("{} {} {:+.4f}", i > 0 ? "," : "", lengths[i].name,
                             lengths[i].accuracy.hit_rate.mean -
                                 without.segmentations.front().segments[i].accuracy.hit_rate.mean);
      }
      reasons.push_back(words);
    }
    return reasons;
  }

  /// Tries a value of a knob on top of the best so far.
  bool enter(const Knob& knob, double value) {
    TrainOptions candidate = options_;
    knob.set(candidate, value);
    return enter(candidate, knob, value, 0.0);
  }

  /// Makes `candidate` the best if it beats the best so far by more than `margin`.
  bool enter(const TrainOptions& candidate, const Knob& knob, double value, double margin) {
    if (std::chrono::steady_clock::now() >= deadline_) {
      cut_short_ = true;
      return false;
    }
    const std::string key = to_json(candidate).dump();
    if (!seen_.insert(key).second) return false;
    std::vector<std::byte> bytes = knob.rebuild ? build_(candidate) : patch(candidate);
    if (bytes.empty()) return false;
    BundleFile bundle = BundleFile::open(std::move(bytes));
    const Score score = judge(bundle, knob.name, value);
    if (!rivals_.empty() && score.sum() > rivals_.back().score) {
      rivals_.back() = {.model = rivals_.back().model,
                        .setting = knob.name,
                        .value = value,
                        .score = score.sum(),
                        .bytes = {bundle.bytes().begin(), bundle.bytes().end()}};
    }
    if (score.sum() <= best() + margin) return false;
    best_score_ = score;
    best_ = std::move(bundle);
    options_ = candidate;
    return true;
  }

  [[nodiscard]] json report() {
    if (!worth_it_) return {{"reason", "too few held-out events to choose settings by"}};
    return {{"held_out_sessions", sessions_.size()},
            {"predictions", predictions_},
            {"rule", rule_words()},
            {"start", to_json(start_)},
            {"chosen", to_json(best_score_)},
            {"cut_short", cut_short_},
            {"reasons", reasons()},
            {"tried", tried_}};
  }

 private:
  [[nodiscard]] std::string rule_words() const {
    std::string words = "hit rate + mean reciprocal rank of the ";
    words += options_.hold_out == HoldOut::kLastEvents     ? "last event of each session"
             : options_.hold_out == HoldOut::kLatestEvents ? "next event, in the last tenth"
                                                           : "next event";
    for (std::size_t i = 0; i < options_.rules.size(); ++i) {
      const EvaluationOptions& rule = options_.rules[i];
      words += i > 0 ? ", and" : "";
      words += " among " + std::to_string(rule.k);
      words += rule.filter_seen    ? " without seen items"
               : rule.drop_current ? " without the current item"
                                   : "";
    }
    return words;
  }

  /// The best bundle so far with other numbers in it.
  [[nodiscard]] std::vector<std::byte> patch(const TrainOptions& candidate) const {
    layout::Settings settings = candidate.settings;
    settings.embedding_alpha = candidate.als.alpha;
    return with_settings({best_.bytes().begin(), best_.bytes().end()}, settings);
  }

  /// Means over the rules.
  Score judge(const BundleFile& bundle, const std::string& name, double value) {
    Score mean;
    const auto share = 1.0 / static_cast<double>(options_.rules.size());
    for (EvaluationOptions rule : options_.rules) {
      rule.next_only = true;
      rule.most_predictions = most_;
      rule.threads = options_.threads;
      if (openings_) {
        const Accuracy result = evaluate_openings(bundle.bundle(), sessions_, rule);
        mean.hit_rate += share * result.hit_rate.mean;
        mean.mrr += share * result.mrr.mean;
        continue;
      }
      const Evaluation result = evaluate(bundle.bundle(), sessions_, rule);
      mean.hit_rate += share * result.hit_rate.mean;
      mean.mrr += share * result.mrr.mean;
      predictions_ = std::max(predictions_, result.predictions);
    }
    json entry = to_json(mean);
    entry["setting"] = name;
    entry["value"] = value;
    tried_.push_back(std::move(entry));
    return mean;
  }

  BuildBundle build_;
  TrainOptions& options_;
  BundleFile best_;
  TestSessions sessions_;
  std::chrono::steady_clock::time_point deadline_;
  std::size_t most_ = kMostSparse;
  std::size_t predictions_ = 0;
  bool openings_ = false;  // whether first events are judged, in place of the next ones
  bool worth_it_ = false;
  bool cut_short_ = false;
  std::vector<std::byte> rows_;  // the best of session rows alone
  std::vector<Rival> rivals_;
  Score start_;
  Score best_score_;
  std::set<std::string> seen_;
  json tried_ = json::array();
};

/// Sampled sessions in place of some of the rows.
void try_neighbours(Contest& contest, const TrainOptions& options) {
  contest.begin(kNeighboursModel);
  const std::vector<Knob> knobs = neighbour_knobs();
  const double rows_alone = contest.best();
  for (const double share : knobs[0].values) {
    TrainOptions candidate = options;
    knobs[0].set(candidate, share);
    knobs[1].set(candidate, 0.1);
    const double margin = contest.best() == rows_alone ? kWorthSessions : 0.0;
    if (!contest.enter(candidate, knobs[0], share, margin)) break;
  }
  if (contest.best() == rows_alone) return;
  for (std::size_t i = 1; i < knobs.size(); ++i) contest.climb(knobs[i]);
}

/// Embeddings of some dimensions with some weight, all pairs of both, against rows alone.
void try_embeddings(Contest& contest, TrainOptions& options) {
  contest.go_dense();
  contest.begin(kEmbeddingsModel);
  const std::vector<Knob> knobs = embedding_knobs();
  const double rows_alone = contest.best();
  for (const double dims : knobs[0].values) {
    TrainOptions candidate = options;
    knobs[0].set(candidate, dims);
    knobs[1].set(candidate, 0.01);
    const double margin = contest.best() == rows_alone ? kWorthAScan : 0.0;
    if (contest.enter(candidate, knobs[0], dims, margin)) contest.climb(knobs[1]);
  }
  if (contest.best() == rows_alone) contest.go_sparse();
}

}  // namespace

json tune(Database& database, const HeldOut& held_out, const BuildBundle& build,
          TrainOptions& options, const OnStep& on_step) {
  TrainOptions rows_alone = options;
  rows_alone.settings.recommend.neighbours = 0.0F;
  rows_alone.settings.recommend.embeddings = 0.0F;
  rows_alone.als.dims = 0;
  Contest contest(database, held_out, build, rows_alone);
  if (!contest.worth_it()) return contest.report();
  const std::vector<Knob> knobs = row_knobs(held_out.span_days, contest.has_past());
  const auto steps = static_cast<double>(kTurns * knobs.size() + 2);
  double done = 0.0;
  for (int turn = 0; turn < kTurns; ++turn) {
    const double before = contest.best();
    for (const Knob& knob : knobs) {
      on_step("choosing settings", done++ / steps);
      contest.climb(knob);
    }
    if (contest.best() <= before) break;
  }
  if (contest.has_past()) contest.climb_by_openings(opening_knob());
  on_step("choosing settings", (steps - 2.0) / steps);
  if (options.neighbours.share > 0.0F) try_neighbours(contest, rows_alone);
  on_step("choosing settings", (steps - 1.0) / steps);
  if (options.als.dims > 0) try_embeddings(contest, rows_alone);
  options = rows_alone;
  return contest.report();
}

}  // namespace vitrine::train
