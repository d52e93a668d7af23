#include "recommend/training/tuning.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "bundle/bundle_file.h"
#include "recommend/evaluation/evaluation.h"
#include "recommend/training/knobs.h"
#include "recommend/training/tuning_journal.h"

namespace vitrine::recommend {
namespace {

using nlohmann::json;

/// Below this many held-out predictions the differences between settings are noise.
constexpr std::size_t kFewest = 300;
/// Rankings from session rows alone cost microseconds; those with embeddings scan all items.
constexpr std::size_t kMostSparse = 40000;
constexpr std::size_t kMostDense = 6000;
/// What a teacher must add to be worth the minutes of training it once more, on the whole log.
constexpr double kWorthTraining = 0.001;
/// What sampled sessions must add to be worth their memory, and that the file shows them.
constexpr double kWorthSessions = 0.001;
/// What embeddings must add to be worth a scan of all items at every ranking.
constexpr double kWorthAScan = 0.002;

/// A kind of model that has to show that it adds something.
struct Newcomer {
  std::string model;                          // "session neighbours"
  std::function<void(TrainOptions&)> let_in;  // gives it a first weight
  Knob size;                                  // all values are tried
  double margin = 0.0;                        // what it must add to the score
  std::vector<Knob> knobs;                    // turned if it does
  bool scans = false;                         // whether every ranking looks at all items
};

/// Options, and the bundle that they make: built when first needed, which for those that the
/// journal knows is often never.
struct Candidate {
  TrainOptions options;
  std::shared_ptr<const bundle::BundleFile> file;
};

/// The best candidate with a newcomer, taken or not, and the best one before it came.
struct Rival {
  std::string model;
  Candidate before;
  std::string setting;  // the last that was turned, and to what
  double value = 0.0;
  double score = 0.0;
  bool taken = false;
  Candidate best;
};

/// Judges candidates against the best one so far.
class Contest {
 public:
  Contest(const HeldOut& held_out, BuildBundle build, const TrainOptions& options)
      : build_(std::move(build)),
        rules_(options.rules),
        hold_out_(options.hold_out),
        threads_(options.threads),
        journal_(options.journal, held_out.fingerprint + rule_words()),
        best_{.options = options, .file = built(options)},
        sessions_(test_sessions_for(best_.file->bundle(), held_out.sessions)),
        deadline_(std::chrono::steady_clock::now() +
                  std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                      std::chrono::duration<double>(60.0 * options.tune_minutes))) {
    const std::size_t predictions =
        static_cast<std::size_t>(std::count(sessions_.asked.begin(), sessions_.asked.end(), true));
    if (predictions < kFewest) return;
    worth_it_ = true;
    start_ = best_score_ = judge(best_, "start", 0.0);
  }

  [[nodiscard]] const TrainOptions& options() const { return best_.options; }
  [[nodiscard]] bool worth_it() const { return worth_it_; }
  [[nodiscard]] bool has_past() const { return !sessions_.past.empty(); }
  [[nodiscard]] double best() const { return best_score_.sum(); }

  /// Turns a knob up while that helps, else down while that helps.
  void climb(const Knob& knob) {
    const auto& values = knob.values;
    const double at = knob.get(best_.options);
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
    rivals_.push_back({.model = newcomer.model, .before = best_, .setting = {}, .best = {}});
    letting_in_ = true;
    bool& taken = rivals_.back().taken;
    for (const double size : newcomer.size.values) {
      TrainOptions candidate = best_.options;
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
    letting_in_ = false;
  }

  /// Why each kind of model was taken or left out, for people: what it adds to the hit rate, in all
  /// and by events of the session so far.
  [[nodiscard]] std::vector<std::string> reasons() {
    std::vector<std::string> reasons;
    EvaluationOptions rule = rules_.front();
    rule.most_predictions = kMostDense;
    rule.threads = threads_;
    for (Rival& rival : rivals_) {
      if (rival.setting.empty()) continue;
      const Bundle& before = file_of(rival.before).bundle();
      rule.reference = &before;
      const Evaluation without = evaluate(before, sessions_, rule);
      const Evaluation with = evaluate(file_of(rival.best).bundle(), sessions_, rule);
      std::string words = fmt::format(
          "{} ({} {:g}) {}: HR@{} {:+.4f} compared with the best model without it; by events of "
          "the session so far",
          rival.model, rival.setting, rival.value, rival.taken ? "accepted" : "rejected", rule.k,
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
    TrainOptions candidate = best_.options;
    knob.set(candidate, value);
    return enter(candidate, knob, value, 0.0);
  }

  /// Makes `options` the best if they beat the best so far by more than `margin`.
  bool enter(const TrainOptions& options, const Knob& knob, double value, double margin) {
    if (std::chrono::steady_clock::now() >= deadline_) {
      cut_short_ = true;
      return false;
    }
    if (!seen_.insert(json(options).dump()).second) return false;
    Candidate candidate{.options = options, .file = {}};
    const std::string settings = key(options);
    std::optional<Score> known = journal_.find(settings);
    if (!known) {
      candidate.file = knob.rebuild ? built(options) : patched(options);
      if (!candidate.file) return false;
      known = measured(candidate, settings);
    }
    const Score score = noted(*known, knob.name, value);
    if (letting_in_ && score.sum() > rivals_.back().score) {
      Rival& rival = rivals_.back();
      rival.setting = knob.name;
      rival.value = value;
      rival.score = score.sum();
      rival.best = candidate;
    }
    if (score.sum() <= best() + margin) return false;
    best_score_ = score;
    best_ = std::move(candidate);
    return true;
  }

  [[nodiscard]] SettingsChoice report() {
    if (!worth_it_) return {.reason = "too few held-out events to choose settings by"};
    return {.reason = {},
            .held_out_sessions = sessions_.size(),
            .predictions = predictions_,
            .rule = rule_words(),
            .start = start_,
            .chosen = best_score_,
            .cut_short = cut_short_,
            .resumed = journal_.found(),
            .reasons = reasons(),
            .tried = tried_};
  }

 private:
  [[nodiscard]] std::string rule_words() const {
    std::string words = "hit rate + mean reciprocal rank of the ";
    words += hold_out_ == HoldOut::kLastEvents     ? "last event of each session"
             : hold_out_ == HoldOut::kLatestEvents ? "next event, in the last tenth"
                                                   : "next event";
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const EvaluationOptions& rule = rules_[i];
      words += i > 0 ? ", and" : "";
      words += " among " + std::to_string(rule.k);
      words += rule.filter_seen    ? " without seen items"
               : rule.drop_current ? " without the current item"
                                   : "";
    }
    return words;
  }

  /// What a score depends on, beside the data.
  [[nodiscard]] std::string key(const TrainOptions& options) const {
    TrainOptions timeless = options;
    timeless.tune_minutes = 0.0;
    const json judged = {{"openings", openings_}, {"most", most_}, {"seed", options.seed}};
    return json(timeless).dump() + judged.dump();
  }

  /// Nothing when the options do not fit the budget.
  [[nodiscard]] std::shared_ptr<const bundle::BundleFile> built(const TrainOptions& options) const {
    std::vector<std::byte> bytes = build_(options);
    if (bytes.empty()) return nullptr;
    return std::make_shared<const bundle::BundleFile>(bundle::BundleFile::open(std::move(bytes)));
  }

  /// The best bundle so far with other numbers in it.
  [[nodiscard]] std::shared_ptr<const bundle::BundleFile> patched(const TrainOptions& options) {
    layout::Settings settings = options.settings;
    settings.embedding_alpha = options.als.alpha;
    const auto bytes = file_of(best_).bytes();
    return std::make_shared<const bundle::BundleFile>(
        bundle::BundleFile::open(bundle::with_settings(bytes, settings)));
  }

  const bundle::BundleFile& file_of(Candidate& candidate) const {
    if (!candidate.file) candidate.file = built(candidate.options);
    return *candidate.file;
  }

  /// The journal's score, or a new one.
  Score judge(Candidate& candidate, const std::string& name, double value) {
    const std::string settings = key(candidate.options);
    const std::optional<Score> known = journal_.find(settings);
    return noted(known ? *known : measured(candidate, settings), name, value);
  }

  /// `settings`: the key of the candidate's options.
  Score measured(Candidate& candidate, const std::string& settings) {
    const Score score = evaluated(file_of(candidate).bundle());
    journal_.add(settings, score);
    return score;
  }

  Score noted(const Score& score, const std::string& name, double value) {
    predictions_ = std::max(predictions_, score.predictions);
    tried_.push_back({name, value, score});
    return score;
  }

  /// Means over the rules.
  [[nodiscard]] Score evaluated(const Bundle& bundle) const {
    Score mean;
    const auto share = 1.0 / static_cast<double>(rules_.size());
    for (EvaluationOptions rule : rules_) {
      rule.next_only = true;
      rule.most_predictions = most_;
      rule.threads = threads_;
      if (openings_) {
        const Accuracy result = evaluate_openings(bundle, sessions_, rule);
        mean.hit_rate += share * result.hit_rate.mean;
        mean.mrr += share * result.mrr.mean;
        continue;
      }
      const Evaluation result = evaluate(bundle, sessions_, rule);
      mean.hit_rate += share * result.hit_rate.mean;
      mean.mrr += share * result.mrr.mean;
      mean.predictions = std::max(mean.predictions, result.predictions);
    }
    return mean;
  }

  BuildBundle build_;
  std::vector<EvaluationOptions> rules_;
  HoldOut hold_out_;
  unsigned threads_;
  TuningJournal journal_;
  Candidate best_;
  TestSessions sessions_;
  std::chrono::steady_clock::time_point deadline_;
  std::size_t most_ = kMostSparse;
  std::size_t predictions_ = 0;
  bool openings_ = false;  // whether first events are judged, in place of the next ones
  bool worth_it_ = false;
  bool cut_short_ = false;
  std::vector<Rival> rivals_;
  bool letting_in_ = false;  // whether what is tried belongs to the last of them
  Score start_;
  Score best_score_;
  std::set<std::string> seen_;
  std::vector<TriedSetting> tried_;
};

Newcomer sequence_teacher() {
  return {.model = "sequence teacher",
          .let_in = [](TrainOptions&) {},
          .size = teacher_knob(),
          .margin = kWorthTraining,
          .knobs = {}};
}

Newcomer session_neighbours() {
  const std::vector<Knob> knobs = neighbour_knobs();
  return {.model = "session neighbours",
          .let_in = [](TrainOptions& o) { o.settings.recommend.neighbours = 0.1F; },
          .size = knobs.front(),
          .margin = kWorthSessions,
          .knobs = {knobs.begin() + 1, knobs.end()}};
}

Newcomer embeddings() {
  const std::vector<Knob> knobs = embedding_knobs();
  return {.model = "embeddings",
          .let_in = [](TrainOptions& o) { o.settings.recommend.embeddings = 0.01F; },
          .size = knobs.front(),
          .margin = kWorthAScan,
          .knobs = {knobs.begin() + 1, knobs.end()},
          .scans = true};
}

}  // namespace

SettingsChoice tune(const HeldOut& held_out, const BuildBundle& build, TrainOptions& options,
                    const OnStep& on_step) {
  TrainOptions rows_alone = options;
  rows_alone.settings.recommend.neighbours = 0.0F;
  rows_alone.settings.recommend.embeddings = 0.0F;
  rows_alone.als.dims = 0;
  rows_alone.rows.teacher = 0.0F;
  Contest contest(held_out, build, rows_alone);
  if (!contest.worth_it()) return contest.report();
  const std::vector<Knob> knobs = row_knobs(held_out.span_days, contest.has_past());
  const auto steps = static_cast<double>(2 * knobs.size() + 3);
  double done = 0.0;
  const auto next_step = [&] { on_step("choosing settings", done++ / steps); };
  const auto turn_rows = [&] {
    for (const Knob& knob : knobs) {
      next_step();
      contest.climb(knob);
    }
  };
  const double start = contest.best();
  turn_rows();
  next_step();
  if (options.teacher.epochs > 0) contest.let_in(sequence_teacher());
  // The second turn mends what the first chose while others still stood wrong.
  if (contest.best() > start) turn_rows();
  if (contest.has_past()) contest.climb_by_openings(opening_knob());
  done = steps - 2.0;
  next_step();
  if (options.neighbours.share > 0.0F) contest.let_in(session_neighbours());
  next_step();
  if (options.als.dims > 0) contest.let_in(embeddings());
  options = contest.options();
  return contest.report();
}

}  // namespace vitrine::recommend
