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
#include "recommend/training/hyperparameters.h"
#include "recommend/training/tuning_journal.h"

namespace vitrine::recommend {
namespace {

using nlohmann::json;

/// Below this many held-out predictions the differences between settings are noise.
constexpr std::size_t kFewest = 300;
/// Rankings from session rows alone cost microseconds; those with embeddings scan all items.
constexpr std::size_t kMostSparse = 40000;
constexpr std::size_t kMostDense = 6000;
/// The improvement that justifies the minutes of training the teacher again on the complete log.
constexpr double kTeacherMargin = 0.001;
/// The improvement that justifies the memory of sampled sessions, and publishing them in the file.
constexpr double kNeighboursMargin = 0.001;
/// The improvement that justifies a scan of all items at every ranking.
constexpr double kEmbeddingsMargin = 0.002;

/// A kind of model that the bundle gets only when it improves the score.
struct OptionalModel {
  std::string model;                          // "session neighbours"
  std::function<void(TrainOptions&)> enable;  // gives it a first weight
  Hyperparameter size;                        // all its values are tried
  double margin = 0.0;                        // necessary improvement of the score
  std::vector<Hyperparameter> parameters;     // tuned when it improves the score
  bool scans = false;                         // true when every ranking scans all items
};

/// Options with the bundle that is trained with them. The bundle is built when it is first needed;
/// the journal often knows the score without it.
struct Candidate {
  TrainOptions options;
  std::shared_ptr<const bundle::BundleFile> file;
};

/// The best candidate with an optional model, whether it was accepted or not, and the best one
/// without it.
struct ModelTrial {
  std::string model;
  Candidate before;
  std::string setting;  // the last hyperparameter that was changed, and its value
  double value = 0.0;
  double score = 0.0;
  bool taken = false;
  Candidate best;
};

/// Compares candidates with the best one so far.
class Search {
 public:
  Search(const HeldOut& held_out, BuildBundle build, const TrainOptions& options)
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
    has_enough_predictions_ = true;
    start_ = best_score_ = judge(best_, "start", 0.0);
  }

  [[nodiscard]] const TrainOptions& options() const { return best_.options; }
  [[nodiscard]] bool has_enough_predictions() const { return has_enough_predictions_; }
  [[nodiscard]] bool has_past() const { return !sessions_.past.empty(); }
  [[nodiscard]] double best() const { return best_score_.sum(); }

  /// Raises a hyperparameter while the score improves. If raising does not help, lowers it while
  /// the score improves.
  void climb(const Hyperparameter& parameter) {
    const auto& values = parameter.values;
    const double at = parameter.get(best_.options);
    const auto nearest = std::min_element(values.begin(), values.end(), [at](double a, double b) {
      return std::fabs(a - at) < std::fabs(b - at);
    });
    const auto from = nearest - values.begin();
    const double before = best();
    for (const int step : {1, -1}) {
      for (auto i = from + step; i >= 0 && i < std::ssize(values); i += step) {
        if (!enter(parameter, values[static_cast<std::size_t>(i)])) break;
      }
      if (best() > before) return;
    }
  }

  /// Chooses a hyperparameter by the first events of returning shoppers. Precondition: it has no
  /// influence on other events.
  void climb_by_openings(const Hyperparameter& parameter) {
    const Score score = best_score_;
    openings_ = true;
    best_score_ = judge(best_, "start of first events", 0.0);
    climb(parameter);
    openings_ = false;
    best_score_ = score;
  }

  /// Adds an optional model in all its sizes to the best candidate. If one of them improves the
  /// score by more than the margin, tunes its hyperparameters.
  void try_model(const OptionalModel& optional_model) {
    if (optional_model.scans) {
      most_ = kMostDense;
      best_score_ = judge(best_, "start of " + optional_model.model, 0.0);
    }
    trials_.push_back({.model = optional_model.model, .before = best_, .setting = {}, .best = {}});
    trying_model_ = true;
    bool& taken = trials_.back().taken;
    for (const double size : optional_model.size.values) {
      TrainOptions candidate = best_.options;
      if (!taken) optional_model.enable(candidate);
      optional_model.size.set(candidate, size);
      taken |= enter(candidate, optional_model.size, size, taken ? 0.0 : optional_model.margin);
    }
    if (taken) {
      for (const Hyperparameter& parameter : optional_model.parameters) climb(parameter);
    } else if (optional_model.scans) {
      most_ = kMostSparse;
      best_score_ = judge(best_, optional_model.model + " left out", 0.0);
    }
    trying_model_ = false;
  }

  /// Returns texts for people that say why each optional model was accepted or rejected: its effect
  /// on the hit rate, over all predictions and by the number of events of the session so far.
  [[nodiscard]] std::vector<std::string> reasons() {
    std::vector<std::string> reasons;
    EvaluationOptions rule = rules_.front();
    rule.most_predictions = kMostDense;
    rule.threads = threads_;
    for (ModelTrial& trial : trials_) {
      if (trial.setting.empty()) continue;
      const Bundle& before = file_of(trial.before).bundle();
      rule.reference = &before;
      const Evaluation without = evaluate(before, sessions_, rule);
      const Evaluation with = evaluate(file_of(trial.best).bundle(), sessions_, rule);
      std::string words = fmt::format(
          "{} ({} {:g}) {}: HR@{} {:+.4f} compared with the best model without it; by events of "
          "the session so far",
          trial.model, trial.setting, trial.value, trial.taken ? "accepted" : "rejected", rule.k,
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

  /// Tries a value of a hyperparameter with the best candidate so far.
  bool enter(const Hyperparameter& parameter, double value) {
    TrainOptions candidate = best_.options;
    parameter.set(candidate, value);
    return enter(candidate, parameter, value, 0.0);
  }

  /// Makes `options` the best candidate when its score exceeds the best one by more than `margin`.
  bool enter(const TrainOptions& options, const Hyperparameter& parameter, double value,
             double margin) {
    if (std::chrono::steady_clock::now() >= deadline_) {
      cut_short_ = true;
      return false;
    }
    if (!seen_.insert(json(options).dump()).second) return false;
    Candidate candidate{.options = options, .file = {}};
    const std::string settings = key(options);
    std::optional<Score> known = journal_.find(settings);
    if (!known) {
      candidate.file = parameter.rebuild ? built(options) : patched(options);
      if (!candidate.file) return false;
      known = measured(candidate, settings);
    }
    const Score score = noted(*known, parameter.name, value);
    if (trying_model_ && score.sum() > trials_.back().score) {
      ModelTrial& trial = trials_.back();
      trial.setting = parameter.name;
      trial.value = value;
      trial.score = score.sum();
      trial.best = candidate;
    }
    if (score.sum() <= best() + margin) return false;
    best_score_ = score;
    best_ = std::move(candidate);
    return true;
  }

  [[nodiscard]] SettingsChoice report() {
    if (!has_enough_predictions_)
      return {.reason = "too few held-out events to choose settings by"};
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

  /// Returns the options that a score depends on, in addition to the data.
  [[nodiscard]] std::string key(const TrainOptions& options) const {
    TrainOptions timeless = options;
    timeless.tune_minutes = 0.0;
    const json judged = {{"openings", openings_}, {"most", most_}, {"seed", options.seed}};
    return json(timeless).dump() + judged.dump();
  }

  /// Returns nothing when the options do not fit the budget.
  [[nodiscard]] std::shared_ptr<const bundle::BundleFile> built(const TrainOptions& options) const {
    std::vector<std::byte> bytes = build_(options);
    if (bytes.empty()) return nullptr;
    return std::make_shared<const bundle::BundleFile>(bundle::BundleFile::open(std::move(bytes)));
  }

  /// Returns the best bundle so far with other numbers in it.
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

  /// Returns the journal's score, or a new one.
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
  bool has_enough_predictions_ = false;
  bool cut_short_ = false;
  std::vector<ModelTrial> trials_;
  bool trying_model_ = false;  // whether what is tried belongs to the last of them
  Score start_;
  Score best_score_;
  std::set<std::string> seen_;
  std::vector<TriedSetting> tried_;
};

OptionalModel sequence_teacher() {
  return {.model = "sequence teacher",
          .enable = [](TrainOptions&) {},
          .size = teacher_hyperparameter(),
          .margin = kTeacherMargin,
          .parameters = {}};
}

OptionalModel session_neighbours() {
  const std::vector<Hyperparameter> parameters = neighbour_hyperparameters();
  return {.model = "session neighbours",
          .enable = [](TrainOptions& o) { o.settings.recommend.neighbours = 0.1F; },
          .size = parameters.front(),
          .margin = kNeighboursMargin,
          .parameters = {parameters.begin() + 1, parameters.end()}};
}

OptionalModel embeddings() {
  const std::vector<Hyperparameter> parameters = embedding_hyperparameters();
  return {.model = "embeddings",
          .enable = [](TrainOptions& o) { o.settings.recommend.embeddings = 0.01F; },
          .size = parameters.front(),
          .margin = kEmbeddingsMargin,
          .parameters = {parameters.begin() + 1, parameters.end()},
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
  Search search(held_out, build, rows_alone);
  if (!search.has_enough_predictions()) return search.report();
  const std::vector<Hyperparameter> parameters =
      row_hyperparameters(held_out.span_days, search.has_past());
  const auto steps = static_cast<double>(2 * parameters.size() + 3);
  double done = 0.0;
  const auto next_step = [&] { on_step("choosing settings", done++ / steps); };
  const auto turn_rows = [&] {
    for (const Hyperparameter& parameter : parameters) {
      next_step();
      search.climb(parameter);
    }
  };
  const double start = search.best();
  turn_rows();
  next_step();
  if (options.teacher.epochs > 0) search.try_model(sequence_teacher());
  // The second round corrects choices of the first that were made while other settings were still
  // wrong.
  if (search.best() > start) turn_rows();
  if (search.has_past()) search.climb_by_openings(opening_hyperparameter());
  done = steps - 2.0;
  next_step();
  if (options.neighbours.share > 0.0F) search.try_model(session_neighbours());
  next_step();
  if (options.als.dims > 0) search.try_model(embeddings());
  options = search.options();
  return search.report();
}

}  // namespace vitrine::recommend
