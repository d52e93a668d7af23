#include "vitrine/ranking/signals/session_row_signal.h"

namespace vitrine {

void SessionRowSignal::prepare(const SignalQuery& query) {
  weight_ = query.request.blend.session_rows;
  sources_.count = 0;
  if (weight_ > 0.0F) {
    query.weigh(bundle_->settings(), bundle_->settings().row_decay, sources_);
  }
}

void SessionRowSignal::add_scores(ScoreBoard& board) const {
  for (const Source& source : sources_.view()) {
    add_row(source.item, weight_ * source.weight, board);
  }
}

/// Adds the scores of items by their own events: coming back to an item does not raise similar
/// ones.
void SessionRowSignal::add_own_scores(ScoreBoard& board) const {
  for (const Source& source : sources_.view()) {
    board.add(source.item, weight_ * source.weight * repeat_weight(source));
  }
}

/// Puts each source's row on the board, once for all of the list.
void SessionRowSignal::read_parts(std::span<const Ranked> list, ScoreBoard& board) {
  for (std::size_t s = 0; s < sources_.count; ++s) {
    board.clear();
    add_row(sources_.items[s].item, 1.0F, board);
    for (std::size_t i = 0; i < list.size(); ++i) {
      float sum = 0.0F;
      for (const auto& [known, share] : bundle_->added().donors_of(list[i].item)) {
        sum += share * board[known];
      }
      parts_[i][s] = sum;
    }
  }
}

void SessionRowSignal::explain(const ExplainedItem& explained, ReasonParts& parts) const {
  for (std::size_t s = 0; s < sources_.count; ++s) {
    const Source& source = sources_.items[s];
    const float repeat = source.item == explained.item ? repeat_weight(source) : 0.0F;
    parts.add({.kind = ReasonKind::kSessionRow,
               .item = source.item,
               .score = weight_ * source.weight * (parts_[explained.place][s] + repeat)});
  }
}

/// Adds `weight` times the row of `item` to the board.
void SessionRowSignal::add_row(std::uint32_t item, float weight, ScoreBoard& board) const {
  const SessionRows& rows = bundle_->session_rows();
  if (rows.empty()) return;
  for (const auto& [known, share] : bundle_->added().donors_of(item)) {
    rows.each(known, [&board, scale = weight * share](std::uint32_t target, float value) {
      board.add(target, scale * value);
    });
  }
}

/// The weight of a source for its own item.
float SessionRowSignal::repeat_weight(const Source& source) const {
  const layout::Settings& settings = bundle_->settings();
  return source.earlier ? settings.return_weight : settings.repeat_weight;
}

}  // namespace vitrine
