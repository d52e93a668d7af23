#include <algorithm>
#include <array>
#include <cmath>

#include "vitrine/ranking/ranker.h"

namespace vitrine {
namespace {

/// Of parts of one score, the larger first, whichever its sign; a total order.
constexpr auto kLargerFirst = [](const Reason& a, const Reason& b) {
  const float x = std::fabs(a.score);
  const float y = std::fabs(b.score);
  return x != y ? x > y : a.item < b.item;
};

}  // namespace

// Kept out of its caller, which is made fast: this is called once for each list.
[[gnu::noinline]] void Ranker::explain(const RankRequest& request, std::span<Ranked> list) {
  while (!list.empty()) {
    const std::span<Ranked> some = list.first(std::min(list.size(), kExplained));
    list = list.subspan(some.size());
    if (request.blend.session_rows > 0.0F) read_rows(some);
    for (std::size_t i = 0; i < some.size(); ++i) explain(request, some[i], row_parts_[i]);
  }
}

/// Fills in row_parts_. Needs the board: puts each source's row there, once for all of the list.
void Ranker::read_rows(std::span<const Ranked> list) {
  for (std::size_t s = 0; s < row_sources_.count; ++s) {
    board_.clear();
    add_rows(row_sources_.items[s].item, 1.0F);
    for (std::size_t i = 0; i < list.size(); ++i) {
      float sum = 0.0F;
      for (const auto& [known, share] : bundle_->added().lenders_of(list[i].item)) {
        sum += share * board_[known];
      }
      row_parts_[i][s] = sum;
    }
  }
}

void Ranker::explain(const RankRequest& request, Ranked& ranked, std::span<const float> of_rows) {
  const std::uint32_t item = ranked.item;
  const AddedItems& added = bundle_->added();
  const AddedItems::Lenders lenders = added.lenders_of(item);
  std::array<float, Session::kCapacity> shares;
  std::array<float, Session::kCapacity> parts_of_one;
  std::size_t count = 0;
  const auto add = [&](Reason reason) {
    if (reason.score != 0.0F) parts_[count++] = reason;
  };
  add({.kind = ReasonKind::kPopularity,
       .score = request.blend.popularity * bundle_->popularity().share(item)});
  if (request.blend.session_rows > 0.0F) {
    for (std::size_t s = 0; s < row_sources_.count; ++s) {
      const Source& source = row_sources_.items[s];
      const float value = of_rows[s] + (source.item == item ? repeat_weight(source) : 0.0F);
      add({.kind = ReasonKind::kSessionRow,
           .item = source.item,
           .score = request.blend.session_rows * source.weight * value});
    }
  }
  if (request.blend.neighbours > 0.0F) {
    const std::span<const Source> sources = neighbours_.sources();
    std::fill_n(shares.begin(), sources.size(), 0.0F);
    for (const auto& [known, share] : lenders) {
      neighbours_.explain(known, parts_of_one);
      for (std::size_t s = 0; s < sources.size(); ++s) shares[s] += share * parts_of_one[s];
    }
    for (std::size_t s = 0; s < sources.size(); ++s) {
      add({.kind = ReasonKind::kNeighbours,
           .item = sources[s].item,
           .score = request.blend.neighbours * shares[s]});
    }
  }
  if (embedded_) {
    const Sources known = known_sources();
    std::fill_n(shares.begin(), known.count, 0.0F);
    for (const auto& [liked, share] : lenders) {
      if (!(embedding_.score(liked) > 0.0F)) continue;
      embedding_.explain(known.view(), bundle_->settings().embedding_alpha, liked, parts_of_one);
      for (std::size_t s = 0; s < known.count; ++s) shares[s] += share * parts_of_one[s];
    }
    for (std::size_t s = 0; s < embedding_sources_.count; ++s) {
      add({.kind = ReasonKind::kEmbedding,
           .item = embedding_sources_.items[s].item,
           .score = request.blend.embeddings * shares[s]});
    }
  }
  // From the score without rules, which the rules were applied to one after the other.
  float score = 0.0F;
  for (std::size_t i = 0; i < count; ++i) score += parts_[i].score;
  for (std::uint32_t r = 0; r < request.rules.size(); ++r) {
    const Rule& rule = request.rules[r];
    if (!fits(rule, bundle_->catalog(), item)) continue;
    add({.kind = ReasonKind::kRule, .item = r, .score = score * (rule.factor - 1.0F)});
    score *= rule.factor;
  }
  // Keep the largest; the rest, and the rounding of codes, go into one.
  const std::size_t kept = std::min(count, kMaxReasons - 1);
  std::partial_sort(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(kept),
                    parts_.begin() + static_cast<std::ptrdiff_t>(count), kLargerFirst);
  float explained = 0.0F;
  for (std::size_t i = 0; i < kept; ++i) {
    ranked.reasons[i] = parts_[i];
    explained += parts_[i].score;
  }
  ranked.reason_count = static_cast<std::uint32_t>(kept);
  const float rest = ranked.score - explained;
  if (std::fabs(rest) > 1e-6F * std::fabs(ranked.score)) {
    ranked.reasons[kept] = {.kind = ReasonKind::kOther, .score = rest};
    ++ranked.reason_count;
  }
}

}  // namespace vitrine
