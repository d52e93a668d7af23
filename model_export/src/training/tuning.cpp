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
/// What a teacher must add to be worth the minutes of training it once more, on the whole log.
constexpr double kWorthTraining = 0.001;
/// What sampled sessions must add to be worth their memory, and that the file shows them.
constexpr double kWorthSessions = 0.001;
/// What embeddings must add to be worth a scan of all items at every ranking.
constexpr double kWorthAScan = 0.002;

struct Score {
  double hit_rate = 0.0;
  double mrr = 0.0;
  [[nodiscard]] double sum() const { return hit_rate + mrr; }
};

json to_json(const Score& score) {
  return {{"score", score.sum()}, {"hit_rate", score.hit_rate}, {"mrr", score.mrr}};
}

/// A kind of model that has to show that it adds something.
struct Newcomer {
  std::string model;                            // "session neighbours"
  std::function<void(TrainOptions&)> let_in;    // gives it a first weight
  Knob size;                                    // all values are tried
  double margin = 0.0;                          // what it must add to the score
  std::vector<Knob> knobs;                      // turned if it does
  bool scans = false;                           // whether every ranking looks at all items
};

/// The best bundle with a newcomer, taken or not, and the best one before it came.
struct Rival {
  std::string model;
  std::string setting;  // the last that was turned, and to what
  double value = 0.0;
  double score = 0.0;
  bool taken = false;
  std::vector<std::byte> bytes;
  std::vector<std::byte> before;
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

  /// Tries all sizes of a kind of model beside the best so far, then turns its knobs if one of them
  /// adds more than the margin.
  void let_in(const Newcomer& newcomer) {
    if (newcomer.scans) {
      most_ = kMostDense;
      best_score_ = judge(best_, "start of " + newcomer.model, 0.0);
    }
    rivals_.push_back({.model = newcomer.model,
                       .setting = {},
                       .bytes = {},
                       .before = {best_.bytes().begin(), best_.bytes().end()}});
    bool& taken = rivals_.back().taken;
    for (const double size : newcomer.size.values) {
      TrainOptions candidate = options_;
      if (!taken) newcomer.let_in(candidate);
      newcomer.size.set(candidate, size);
      taken |= enter(candidate, newcomer.size, size, taken ? 0.0 : newcomer.margin);
    }
    if (taken) {
      for (const Knob& knob : newcomer.knobs) climb(knob);
    } else if (newcomer.scans) {
      most_ = kMostSparse;
      best_score_ = judge(best_, newcomer.model + " left out", 0.0);
    }
  }

  /// Why each kind of model was taken or left out, for people: what it adds to the hit rate, in all
  /// and by events of the session so far.
  [[nodiscard]] json reasons() {
    json reasons = json::array();
    EvaluationOptions rule = options_.rules.front();
    rule.most_predictions = kMostDense;
    rule.threads = options_.threads;
    for (Rival& rival : rivals_) {
      if (rival.bytes.empty()) continue;
      const BundleFile before = BundleFile::open(std::move(rival.before));
      const BundleFile bundle = BundleFile::open(std::move(rival.bytes));
      rule.reference = &before.bundle();
      const Evaluation without = evaluate(before.bundle(), sessions_, rule);
      const Evaluation with = evaluate(bundle.bundle(), sessions_, rule);
      std::string words = fmt::format(
          "{} ({} {:g}) {}: HR@{} {:+.4f} beside the best without, by events of the session so far",
          rival.model, rival.setting, rival.value, rival.taken ? "taken" : "left out", rule.k,
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
      Rival& rival = rivals_.back();
      rival.setting = knob.name;
      rival.value = value;
      rival.score = score.sum();
      rival.bytes.assign(bundle.bytes().begin(), bundle.bytes().end());
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
  std::vector<Rival> rivals_;
  Score start_;
  Score best_score_;
  std::set<std::string> seen_;
  json tried_ = json::array();
};

/// Those that `options` allow, in the order in which they come.
std::vector<Newcomer> newcomers(const TrainOptions& options) {
  std::vector<Newcomer> all;
  if (options.teacher.epochs > 0) {
    all.push_back({.model = "sequence teacher",
                   .let_in = [](TrainOptions&) {},
                   .size = teacher_knob(),
                   .margin = kWorthTraining,
                   .knobs = knobs_beside_teacher()});
  }
  if (options.neighbours.share > 0.0F) {
    std::vector<Knob> knobs = neighbour_knobs();
    all.push_back({.model = "session neighbours",
                   .let_in = [](TrainOptions& o) { o.settings.recommend.neighbours = 0.1F; },
                   .size = knobs.front(),
                   .margin = kWorthSessions,
                   .knobs = {knobs.begin() + 1, knobs.end()}});
  }
  if (options.als.dims > 0) {
    std::vector<Knob> knobs = embedding_knobs();
    all.push_back({.model = "embeddings",
                   .let_in = [](TrainOptions& o) { o.settings.recommend.embeddings = 0.01F; },
                   .size = knobs.front(),
                   .margin = kWorthAScan,
                   .knobs = {knobs.begin() + 1, knobs.end()},
                   .scans = true});
  }
  return all;
}

}  // namespace

json tune(Database& database, const HeldOut& held_out, const BuildBundle& build,
          TrainOptions& options, const OnStep& on_step) {
  TrainOptions rows_alone = options;
  rows_alone.settings.recommend.neighbours = 0.0F;
  rows_alone.settings.recommend.embeddings = 0.0F;
  rows_alone.als.dims = 0;
  rows_alone.rows.teacher = 0.0F;
  Contest contest(database, held_out, build, rows_alone);
  if (!contest.worth_it()) return contest.report();
  const std::vector<Knob> knobs = row_knobs(held_out.span_days, contest.has_past());
  const std::vector<Newcomer> models = newcomers(options);
  const auto steps = static_cast<double>(kTurns * knobs.size() + models.size());
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
  done = steps - static_cast<double>(models.size());
  for (const Newcomer& model : models) {
    on_step("choosing settings", done++ / steps);
    contest.let_in(model);
  }
  options = rows_alone;
  return contest.report();
}

}  // namespace vitrine::train
