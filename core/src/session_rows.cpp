#include <algorithm>

#include "vitrine/scorers.h"

namespace vitrine {

ScoreBoard::ScoreBoard(std::uint32_t item_count) : scores_(item_count) {
  touched_.reserve(item_count);
}

void ScoreBoard::clear() {
  for (const std::uint32_t item : touched_) scores_[item] = 0.0F;
  touched_.clear();
}

void add_session_rows(const SessionRows& rows, std::span<const Source> sources, float weight,
                      ScoreBoard& scores) {
  if (rows.empty()) return;
  for (const Source& source : sources) {
    const float step = weight * source.weight * widen(rows.scales[source.item]);
    const std::uint32_t end = rows.offsets[source.item + 1];
    for (std::uint32_t e = rows.offsets[source.item]; e < end; ++e) {
      scores.add(rows.column(e), step * static_cast<float>(rows.values[e]));
    }
  }
}

float session_row_value(const SessionRows& rows, std::uint32_t source, std::uint32_t target) {
  if (rows.empty()) return 0.0F;
  std::uint32_t low = rows.offsets[source];
  std::uint32_t high = rows.offsets[source + 1];
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const std::uint32_t column = rows.column(middle);
    if (column == target)
      return widen(rows.scales[source]) * static_cast<float>(rows.values[middle]);
    if (column < target) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return 0.0F;
}

}  // namespace vitrine
