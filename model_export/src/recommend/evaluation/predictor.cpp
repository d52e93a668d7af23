#include "recommend/evaluation/predictor.h"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "vitrine/ranking/accuracy.h"

namespace vitrine::recommend {

HiddenItems::HiddenItems(const Bundle& bundle, std::span<const std::string> ids)
    : is_hidden_(bundle.item_count()) {
  for (const std::string& id : ids) {
    if (const auto item = bundle.ids().find(id)) is_hidden_[*item] = true;
  }
  for (std::uint32_t item = 0; item < bundle.item_count(); ++item) {
    if (is_hidden_[item]) items_.push_back(item);
  }
}

Predictor::Predictor(const Bundle& bundle, const TestSessions& sessions,
                     const EvaluationOptions& options, const ListMetrics& list_metrics,
                     std::vector<std::uint32_t>& shown)
    : markets_(bundle.markets()),
      sessions_(sessions),
      options_(options),
      list_metrics_(list_metrics),
      shown_(shown),
      recommender_(bundle),
      blend_(options.blend.value_or(bundle.settings().recommend)),
      best_gain_(options.k + 1),
      last_(bundle.item_count()) {
  for (std::size_t i = 0; i < options.k; ++i) best_gain_[i + 1] = best_gain_[i] + later_gain(i);
}

ListRequest Predictor::request() const {
  return {.limit = options_.k,
          .filter = {.available_only = false},
          .blend = &blend_,
          .exclude_seen = options_.filter_seen};
}

bool Predictor::leaves_out(std::uint32_t item, const Shopper& shopper, const ListRequest& request) {
  if (std::ranges::find(request.exclude, item) != request.exclude.end()) return true;
  const std::span<const SessionEvent> seen = shopper.running();
  return request.exclude_seen && std::ranges::find(seen, item, &SessionEvent::item) != seen.end();
}

std::span<const Ranked> Predictor::opening_list(const Shopper& known, std::uint32_t market) {
  ListRequest request = this->request();
  request.context.market = markets_.of(market);
  return recommender_.list(known, request);
}

void Predictor::look_ahead(Range session) {
  const auto [begin, end] = session;
  distinct_.assign(end - begin + 1, 0);
  for (std::uint64_t e = end; e-- > begin;) {
    const std::uint32_t item = sessions_.events[e].item;
    // Unknown items cannot be distinguished, so each counts as a different item.
    const bool is_new = item == TestSessions::kUnknown || last_[item] == 0;
    distinct_[e - begin] = distinct_[e - begin + 1] + (is_new ? 1 : 0);
    if (is_new && item != TestSessions::kUnknown) last_[item] = e + 1;
  }
}

void Predictor::predict(std::size_t session, std::uint32_t number,
                        std::vector<Prediction>& predictions, std::vector<float>& microseconds) {
  using Clock = std::chrono::steady_clock;
  const std::uint64_t begin = sessions_.offsets[session];
  const std::uint64_t end = sessions_.offsets[session + 1];
  if (!options_.next_only) look_ahead({begin, end});
  Shopper shopper = sessions_.known_before(session);
  for (std::uint64_t e = begin; e < end; ++e) {
    const SessionEvent& event = sessions_.events[e];
    if (e > begin && sessions_.is_asked(e) && (!options_.last_only || e + 1 == end)) {
      ListRequest request = this->request();
      std::uint32_t current = 0;
      if (options_.drop_current && !shopper.session_over()) {
        current = shopper.events().back().item;
        request.exclude = {&current, 1};
      }
      const Clock::time_point start = Clock::now();
      const std::span<const Ranked> list = recommender_.list(shopper, request);
      const std::chrono::duration<float, std::micro> took = Clock::now() - start;
      microseconds.push_back(took.count());
      Prediction prediction{.session = number,
                            .target = event.item,
                            .before = static_cast<std::uint32_t>(e - begin),
                            .current = sessions_.events[e - 1].item,
                            .left_out = leaves_out(event.item, shopper, request),
                            .kind = event.kind};
      prediction.rank = rank_in(list, event.item);
      if (!options_.next_only) judge(list, e, {begin, end}, prediction);
      if (options_.hidden != nullptr && event.item != TestSessions::kUnknown &&
          options_.hidden->has(event.item)) {
        prediction.hidden_rank = rank_among_hidden(event.item, shopper, request);
      }
      predictions.push_back(prediction);
    }
    if (event.item == TestSessions::kUnknown) continue;
    shopper.record({.item = event.item, .kind = event.kind});
  }
  if (options_.next_only) return;
  for (std::uint64_t e = begin; e < end; ++e) {
    if (sessions_.events[e].item != TestSessions::kUnknown) last_[sessions_.events[e].item] = 0;
  }
}

std::uint32_t Predictor::rank_among_hidden(std::uint32_t target, const Shopper& shopper,
                                           ListRequest request) {
  request.mode = ListMode::kRerank;
  request.given = options_.hidden->items();
  return rank_in(recommender_.list(shopper, request), target);
}

void Predictor::judge(std::span<const Ranked> list, std::uint64_t event, Range session,
                      Prediction& prediction) {
  double gain = 0.0;
  double bits = 0.0;
  std::size_t found = 0;
  std::size_t head = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::uint32_t item = list[i].item;
    std::atomic_ref(shown_[item]).fetch_add(1, std::memory_order_relaxed);
    if (last_[item] > event) {
      ++found;
      gain += later_gain(i);
    }
    bits += list_metrics_.self_information(item);
    if (list_metrics_.popularity_class(item) == PopularityClass::kHead) ++head;
  }
  const std::size_t could = std::min<std::size_t>(options_.k, session.end - event);
  prediction.precision = static_cast<float>(found) / static_cast<float>(options_.k);
  prediction.recall =
      static_cast<float>(found) / static_cast<float>(distinct_[event - session.begin]);
  prediction.later_ndcg = static_cast<float>(gain / best_gain_[could]);
  if (list.empty()) return;
  const auto count = static_cast<double>(list.size());
  prediction.bits = static_cast<float>(bits / count);
  prediction.head_share = static_cast<float>(static_cast<double>(head) / count);
  prediction.diversity = static_cast<float>(list_metrics_.diversity(list));
}

}  // namespace vitrine::recommend
