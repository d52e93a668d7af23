#include "vitrine/ranking/score_board.h"

namespace vitrine {

ScoreBoard::ScoreBoard(std::uint32_t item_count)
    : scores_(item_count), touched_(new std::uint32_t[std::size_t{item_count} + 1]) {}

void ScoreBoard::clear() {
  for (const std::uint32_t item : touched()) scores_[item] = 0.0F;
  touched_count_ = 0;
}

}  // namespace vitrine
