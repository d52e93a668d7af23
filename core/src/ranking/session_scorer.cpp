#include "vitrine/ranking/scorers.h"

namespace vitrine {

ScoreBoard::ScoreBoard(std::uint32_t item_count)
    : scores_(item_count), touched_(new std::uint32_t[std::size_t{item_count} + 1]) {}

void ScoreBoard::clear() {
  for (const std::uint32_t item : touched()) scores_[item] = 0.0F;
  touched_count_ = 0;
}

void add_session_row(const SessionRows& rows, std::uint32_t item, float weight,
                     ScoreBoard& scores) {
  if (rows.empty()) return;
  rows.each(item, [&](std::uint32_t target, float value) { scores.add(target, weight * value); });
}

}  // namespace vitrine
