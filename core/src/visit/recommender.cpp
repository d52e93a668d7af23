#include "vitrine/visit/recommender.h"

#include <algorithm>
#include <limits>

namespace vitrine {

ListRequest ListRequest::of(ListMode mode) {
  const bool reranks = mode == ListMode::kRerank;
  ListRequest request{.mode = mode, .exclude_seen = mode == ListMode::kRecommend};
  request.filter.available_only = !reranks;
  if (reranks) request.limit = std::numeric_limits<std::size_t>::max();
  return request;
}

Recommender::Recommender(const Bundle& bundle) : bundle_(&bundle), ranker_(bundle) {}

std::span<const Ranked> Recommender::list(const Shopper& shopper, const ListRequest& request) {
  const bool reranks = request.mode == ListMode::kRerank;
  const bool is_similar = request.mode == ListMode::kSimilar;
  const std::uint32_t items = bundle_->item_count();
  if (is_similar && (request.given.empty() || request.given.front() >= items)) return {};
  // Re-ranking orders all items before the limit cuts them.
  const std::size_t ranked = reranks ? request.given.size() : request.limit;
  const std::size_t places = std::min<std::size_t>(ranked, items);
  if (places == 0) return {};
  if (places_.size() < places) places_.resize(places);
  const std::span<Ranked> out = std::span(places_).first(places);
  const auto candidates = reranks ? request.given : std::span<const std::uint32_t>();
  const RankRequest wanted = ranking(shopper, request);
  std::size_t count = 0;
  if (request.plan != nullptr) {
    if (!arranger_) arranger_.emplace(*bundle_);
    count = arranger_->arrange(ranker_, wanted, candidates, *request.plan, out);
  } else {
    count = reranks ? ranker_.rerank(candidates, wanted, out) : ranker_.rank(wanted, out);
  }
  return out.first(std::min(count, request.limit));
}

/// The ranking behind a list. It looks into `shopper`, `request` and this.
RankRequest Recommender::ranking(const Shopper& shopper, const ListRequest& request) {
  const layout::Settings& settings = bundle_->settings();
  RankRequest ranking{.history = shopper.events(),
                      .session_over = shopper.session_over(request.now),
                      .exclude = request.exclude,
                      .filter = request.filter,
                      .rules = request.rules,
                      .blend = request.blend != nullptr ? *request.blend : settings.recommend,
                      .exclude_seen = request.exclude_seen,
                      .explain = request.explain};
  switch (request.mode) {
    case ListMode::kSimilar:
      ranking.exclude = exclude_seen(shopper, request);
      seed_ = {.item = request.given.front()};
      return similar_to(seed_, ranking, *bundle_);
    case ListMode::kPopular:
      ranking.blend = {.popularity = 1.0F};
      return ranking;
    default:
      return first_visit_.with(ranking, request.context);
  }
}

/// The items that a list like one item leaves out: its ranking starts from that item and does not
/// know the session.
std::span<const std::uint32_t> Recommender::exclude_seen(const Shopper& shopper,
                                                         const ListRequest& request) {
  if (!request.exclude_seen) return request.exclude;
  excluded_.assign(request.exclude.begin(), request.exclude.end());
  for (const SessionEvent& event : shopper.running(request.now)) excluded_.push_back(event.item);
  return excluded_;
}

}  // namespace vitrine
