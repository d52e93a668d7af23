#include "metrics/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "models/parallel.h"
#include "random/split_mix.h"
#include "vitrine/ranker.h"

namespace vitrine::train {
namespace {

constexpr std::size_t kBlock = 64;  // sessions that one thread takes at a time
constexpr std::size_t kBootstraps = 200;

/// Sums over the predictions of one session.
struct SessionSums {
  std::uint32_t predictions = 0;
  std::uint32_t unknown = 0;
  double hits = 0.0;
  double reciprocal = 0.0;
  double gain = 0.0;
};

struct BlockResult {
  std::vector<SessionSums> sessions;
  std::vector<float> microseconds;
  std::vector<std::uint32_t> shown;  // distinct items of this block's lists
};

/// Plays sessions and ranks before every event.
class Player {
 public:
  Player(const Bundle& bundle, const TestSessions& sessions, const EvaluationOptions& options)
      : sessions_(sessions),
        options_(options),
        ranker_(bundle),
        list_(options.k),
        blend_(options.blend.value_or(bundle.settings().recommend)) {}

  SessionSums play(std::size_t session, BlockResult& result) {
    SessionSums sums;
    Session history;
    const std::uint64_t begin = sessions_.offsets[session];
    const std::uint64_t end = sessions_.offsets[session + 1];
    for (std::uint64_t e = begin; e < end; ++e) {
      const SessionEvent& event = sessions_.events[e];
      if (e > begin && (!options_.last_only || e + 1 == end))
        predict(history, event.item, sums, result);
      if (event.item != TestSessions::kUnknown) history.record(event);
    }
    return sums;
  }

 private:
  void predict(const Session& history, std::uint32_t target, SessionSums& sums,
               BlockResult& result) {
    using Clock = std::chrono::steady_clock;
    RankRequest request{.history = history.events(),
                        .filter = {.available_only = false},
                        .blend = blend_,
                        .exclude_seen = options_.filter_seen};
    std::uint32_t current = 0;
    if (options_.drop_current && !request.history.empty()) {
      current = request.history.back().item;
      request.exclude = {&current, 1};
    }
    const Clock::time_point start = Clock::now();
    const std::size_t count = ranker_.rank(request, list_);
    const std::chrono::duration<float, std::micro> took = Clock::now() - start;
    result.microseconds.push_back(took.count());
    ++sums.predictions;
    if (target == TestSessions::kUnknown) ++sums.unknown;
    for (std::size_t i = 0; i < count; ++i) {
      result.shown.push_back(list_[i].item);
      if (list_[i].item != target) continue;
      sums.hits += 1.0;
      sums.reciprocal += 1.0 / static_cast<double>(i + 1);
      sums.gain += 1.0 / std::log2(static_cast<double>(i + 2));
    }
  }

  const TestSessions& sessions_;
  const EvaluationOptions& options_;
  Ranker ranker_;
  std::vector<Ranked> list_;
  layout::Blend blend_;
};

double percentile(std::vector<float>& values, double share) {
  if (values.empty()) return 0.0;
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

/// Percentile bootstrap over sessions, since predictions of one session hang together.
void add_intervals(const std::vector<SessionSums>& sessions, Evaluation& result) {
  std::vector<double> hit_rates;
  std::vector<double> mrrs;
  SplitMix random(1);
  for (std::size_t round = 0; round < kBootstraps; ++round) {
    double predictions = 0.0;
    double hits = 0.0;
    double reciprocal = 0.0;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      const SessionSums& drawn = sessions[random.below(sessions.size())];
      predictions += drawn.predictions;
      hits += drawn.hits;
      reciprocal += drawn.reciprocal;
    }
    hit_rates.push_back(predictions > 0 ? hits / predictions : 0.0);
    mrrs.push_back(predictions > 0 ? reciprocal / predictions : 0.0);
  }
  std::sort(hit_rates.begin(), hit_rates.end());
  std::sort(mrrs.begin(), mrrs.end());
  const std::size_t low = kBootstraps * 25 / 1000;
  result.hit_rate_low = hit_rates[low];
  result.hit_rate_high = hit_rates[kBootstraps - 1 - low];
  result.mrr_low = mrrs[low];
  result.mrr_high = mrrs[kBootstraps - 1 - low];
}

}  // namespace

TestSessions read_test_sessions(Database& database, const std::string& query,
                                const Bundle& bundle) {
  TestSessions sessions;
  Rows rows = database.query(query);
  std::int32_t current = -1;
  while (const Chunk* chunk = rows.next()) {
    const auto session = chunk->int32s(0);
    const auto kind = chunk->uint8s(2);
    for (std::size_t i = 0; i < chunk->size(); ++i) {
      if (session[i] != current && !sessions.events.empty()) {
        sessions.offsets.push_back(sessions.events.size());
      }
      current = session[i];
      sessions.events.push_back(
          {.item = bundle.ids().find(chunk->text(1, i)).value_or(TestSessions::kUnknown),
           .kind = static_cast<EventKind>(kind[i])});
    }
  }
  if (!sessions.events.empty()) sessions.offsets.push_back(sessions.events.size());
  return sessions;
}

Evaluation evaluate(const Bundle& bundle, const TestSessions& sessions,
                    const EvaluationOptions& options) {
  const std::size_t all = options.last_only ? sessions.size() : sessions.events.size();
  const std::size_t step =
      options.most_predictions > 0 ? std::max<std::size_t>(1, all / options.most_predictions) : 1;
  const std::size_t played = (sessions.size() + step - 1) / step;
  std::vector<BlockResult> blocks((played + kBlock - 1) / kBlock);
  const std::size_t share = std::max<std::size_t>(1, blocks.size() / (options.threads * 4));
  parallel_for(blocks.size(), share, options.threads, [&](std::size_t begin, std::size_t end) {
    Player player(bundle, sessions, options);
    for (std::size_t b = begin; b < end; ++b) {
      BlockResult& block = blocks[b];
      for (std::size_t s = b * kBlock; s < std::min(played, (b + 1) * kBlock); ++s) {
        block.sessions.push_back(player.play(s * step, block));
      }
      std::sort(block.shown.begin(), block.shown.end());
      block.shown.erase(std::unique(block.shown.begin(), block.shown.end()), block.shown.end());
    }
  });

  Evaluation result;
  std::vector<SessionSums> sums;
  std::vector<float> microseconds;
  std::vector<bool> shown(bundle.item_count());
  for (const BlockResult& block : blocks) {
    sums.insert(sums.end(), block.sessions.begin(), block.sessions.end());
    microseconds.insert(microseconds.end(), block.microseconds.begin(), block.microseconds.end());
    for (const std::uint32_t item : block.shown) shown[item] = true;
  }
  for (const SessionSums& session : sums) {
    result.predictions += session.predictions;
    result.unknown_targets += session.unknown;
    result.hit_rate += session.hits;
    result.mrr += session.reciprocal;
    result.ndcg += session.gain;
  }
  if (result.predictions == 0) return result;
  const auto count = static_cast<double>(result.predictions);
  result.hit_rate /= count;
  result.mrr /= count;
  result.ndcg /= count;
  result.coverage = static_cast<double>(std::count(shown.begin(), shown.end(), true)) /
                    static_cast<double>(bundle.item_count());
  result.p50_us = percentile(microseconds, 0.50);
  result.p99_us = percentile(microseconds, 0.99);
  add_intervals(sums, result);
  return result;
}

nlohmann::json to_json(const Evaluation& evaluation) {
  return {{"predictions", evaluation.predictions},
          {"unknown_targets", evaluation.unknown_targets},
          {"hit_rate", evaluation.hit_rate},
          {"hit_rate_interval", {evaluation.hit_rate_low, evaluation.hit_rate_high}},
          {"mrr", evaluation.mrr},
          {"mrr_interval", {evaluation.mrr_low, evaluation.mrr_high}},
          {"ndcg", evaluation.ndcg},
          {"coverage", evaluation.coverage}};
}

}  // namespace vitrine::train
