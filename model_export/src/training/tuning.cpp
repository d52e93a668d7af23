#include "training/tuning.h"

#include <functional>
#include <utility>

#include "bundle/bundle_file.h"
#include "metrics/evaluation.h"

namespace vitrine::train {
namespace {

using nlohmann::json;

/// Below this many held-out predictions the differences between settings are noise.
constexpr std::size_t kFewest = 300;
constexpr std::size_t kMost = 6000;

/// A setting and the values to try beside the one it has.
struct Knob {
  std::string name;
  std::function<void(TrainOptions&, float)> set;
  std::vector<float> choices;
  bool rebuild = false;  // it changes the model, not just numbers in the bundle
};

/// Half-life of sessions in a log whose times say nothing about taste.
constexpr float kForever = 1e5F;

std::vector<Knob> knobs() {
  using O = TrainOptions;
  return {{"ranking.repeat_weight",
           [](O& o, float x) { o.settings.repeat_weight = x; },
           {0.0F, 0.05F, 0.2F, 0.4F}},
          {"statistics.session_half_life_days",
           [](O& o, float x) { o.statistics.session_half_life_days = static_cast<double>(x); },
           {kForever},
           true},
          {"session_rows.ridge", [](O& o, float x) { o.rows.ridge = x; }, {10, 30, 300}, true},
          {"session_rows.alpha", [](O& o, float x) { o.rows.alpha = x; }, {0.2F, 0.8F}, true},
          {"ranking.row_decay",
           [](O& o, float x) { o.settings.row_decay = x; },
           {0.3F, 0.5F, 0.6F, 0.8F, 0.9F}},
          {"ranking.popularity",
           [](O& o, float x) { o.settings.recommend.popularity = x; },
           {0.01F, 0.05F}},
          {"ranking.embeddings",
           [](O& o, float x) { o.settings.recommend.embeddings = x; },
           {0.002F, 0.005F, 0.02F, 0.05F}},
          {"embeddings.dims",
           [](O& o, float x) {
             o.als.dims = static_cast<std::uint32_t>(x);
             if (x == 0.0F) o.settings.recommend.embeddings = 0.0F;
           },
           {0},
           true}};
}

/// Judges candidates against the best one so far.
class Contest {
 public:
  Contest(Database& database, const std::string& held_out, BuildBundle build, TrainOptions& options)
      : build_(std::move(build)), options_(options), best_(BundleFile::open(build_(options))) {
    sessions_ = read_test_sessions(database, held_out, best_.bundle());
    worth_it_ = sessions_.events.size() >= kFewest + sessions_.size();
    if (worth_it_) best_score_ = judge(best_, "start", 0.0F);
  }

  [[nodiscard]] bool worth_it() const { return worth_it_; }

  void enter(const Knob& knob, float value, const TrainOptions& base) {
    TrainOptions candidate = base;
    knob.set(candidate, value);
    BundleFile bundle = BundleFile::open(knob.rebuild ? build_(candidate) : patch(candidate));
    const double score = judge(bundle, knob.name, value);
    if (score <= best_score_) return;
    best_score_ = score;
    best_ = std::move(bundle);
    options_ = candidate;
  }

  [[nodiscard]] json report() const {
    if (!worth_it_) return {{"reason", "too few held-out events to choose settings by"}};
    return {
        {"held_out_sessions", sessions_.size()},
        {"rule",
         "hit rate + mean reciprocal rank at 20 of the next event, with and without seen items"},
        {"best", best_score_},
        {"tried", tried_}};
  }

 private:
  /// The best bundle so far with other numbers in it.
  [[nodiscard]] std::vector<std::byte> patch(const TrainOptions& candidate) const {
    layout::Settings settings = candidate.settings;
    settings.embedding_alpha = candidate.als.alpha;
    return with_settings({best_.bytes().begin(), best_.bytes().end()}, settings);
  }

  /// Pages do both: they re-rank lists that hold seen items, and recommend without them.
  double judge(const BundleFile& bundle, const std::string& name, float value) {
    EvaluationOptions rules{.k = 20, .most_predictions = kMost, .threads = options_.threads};
    const Evaluation all = evaluate(bundle.bundle(), sessions_, rules);
    rules.filter_seen = true;
    const Evaluation unseen = evaluate(bundle.bundle(), sessions_, rules);
    tried_.push_back({{"setting", name},
                      {"value", value},
                      {"hit_rate", all.hit_rate.mean},
                      {"mrr", all.mrr.mean},
                      {"hit_rate_unseen", unseen.hit_rate.mean},
                      {"mrr_unseen", unseen.mrr.mean}});
    return all.hit_rate.mean + all.mrr.mean + unseen.hit_rate.mean + unseen.mrr.mean;
  }

  BuildBundle build_;
  TrainOptions& options_;
  BundleFile best_;
  TestSessions sessions_;
  bool worth_it_ = false;
  double best_score_ = 0.0;
  json tried_ = json::array();
};

}  // namespace

json tune(Database& database, const std::string& held_out, const BuildBundle& build,
          TrainOptions& options, const OnStep& on_step) {
  // Embeddings are blended in last: until then rankings stay sparse, and fast.
  const float blended = std::exchange(options.settings.recommend.embeddings, 0.0F);
  Contest contest(database, held_out, build, options);
  const std::vector<Knob> all = knobs();
  for (std::size_t i = 0; contest.worth_it() && i < all.size(); ++i) {
    const TrainOptions base = options;
    for (const float value : all[i].choices) {
      on_step("choosing settings", static_cast<double>(i) / static_cast<double>(all.size()));
      contest.enter(all[i], value, base);
    }
  }
  if (!contest.worth_it()) options.settings.recommend.embeddings = blended;
  return contest.report();
}

}  // namespace vitrine::train
