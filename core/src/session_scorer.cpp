#include "vitrine/scorers.h"

namespace vitrine {

ScoreBoard::ScoreBoard(std::uint32_t item_count)
    : scores_(item_count), touched_(std::size_t{item_count} + 1) {}

void ScoreBoard::clear() {
  for (const std::uint32_t item : touched()) scores_[item] = 0.0F;
  touched_count_ = 0;
}

void add_session_rows(const SessionRows& rows, std::span<const Source> sources, float weight,
                      ScoreBoard& scores) {
  if (rows.empty()) return;
  for (const Source& source : sources) {
    const float step = weight * source.weight;
    rows.each(source.item,
              [&](std::uint32_t target, float value) { scores.add(target, step * value); });
  }
}

}  // namespace vitrine
