#include "statistics/unit_sums.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "data/event_kind.h"

namespace vitrine::statistics {
namespace {

constexpr std::int64_t kDay = model::UnitTable::kDay;
constexpr int kMostParts = 10;

/// Sums are added as whole millionths, so that their order does not matter.
constexpr double kUnit = 1e-6;

std::string event_sql(const std::string& word) {
  const EventKind kind = data::event_kind(word);
  if (kind != EventKind::kOther) return fmt::format("e.kind = {}", static_cast<int>(kind));
  return fmt::format("e.word = lower({})", data::sql_literal(word));
}

std::string sum_sql(const model::EventSum& sum, const std::vector<std::string>& columns) {
  std::string value = "1";
  if (sum.value == "revenue") {
    value = "e.revenue";
  } else if (!sum.value.empty()) {
    const auto at = std::find(columns.begin(), columns.end(), sum.value) - columns.begin();
    value = fmt::format("coalesce(e.value{}, 0)", at);
  }
  return fmt::format(
      "(coalesce(sum(CASE WHEN {} THEN CAST(round({} * 1e6) AS HUGEINT) END), 0))::DOUBLE",
      event_sql(sum.event), value);
}

/// Fills in variations, first days and segments.
void read_exposures(data::Database& database, const ExperimentQuery& query, std::int64_t from,
                    model::UnitTable& units) {
  std::string columns;
  for (std::size_t i = 0; i < query.segments.size(); ++i) {
    std::vector<model::UnitTable::Part>& parts = units.parts.emplace_back();
    data::Rows rows = database.query(fmt::format(
        "SELECT segment{0}, count(*) FROM exposed_units WHERE segment{0} IS NOT NULL GROUP BY 1 "
        "ORDER BY 2 DESC, 1 LIMIT {1}",
        i, kMostParts));
    while (const data::Chunk* chunk = rows.next()) {
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        parts.push_back(
            {std::string(chunk->text(0, row)), static_cast<std::uint64_t>(chunk->int64s(1)[row])});
      }
    }
    columns += fmt::format(", segment{}", i);
  }
  units.part_of.resize(query.segments.size());
  data::Rows rows =
      database.query(fmt::format("SELECT arm, first{} FROM exposed_units ORDER BY unit", columns));
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      units.arms.push_back(chunk->int32s(0)[row]);
      units.first_day.push_back(static_cast<std::int32_t>((chunk->int64s(1)[row] - from) / kDay));
      for (std::size_t i = 0; i < units.part_of.size(); ++i) {
        const std::string_view name = chunk->text(i + 2, row);
        const std::vector<model::UnitTable::Part>& parts = units.parts[i];
        const auto found =
            std::find_if(parts.begin(), parts.end(),
                         [&](const model::UnitTable::Part& part) { return part.name == name; });
        units.part_of[i].push_back(
            static_cast<std::int16_t>(found == parts.end() ? -1 : found - parts.begin()));
      }
    }
  }
}

void read_sums(data::Database& database, const ExperimentQuery& query, std::int64_t from,
               std::int64_t until, model::UnitTable& units) {
  std::string sums;
  for (const model::EventSum& sum : query.sums) sums += ", " + sum_sql(sum, query.values);
  const std::vector<double> zeros(units.size());
  units.sums.assign(query.sums.size(), {.before = zeros, .after = zeros, .cells = {}});
  const auto before = static_cast<std::int64_t>(query.before_days * kDay);
  const std::string window =
      query.window_days > 0.0
          ? fmt::format("u.first + {}", static_cast<std::int64_t>(query.window_days * kDay))
          : std::to_string(until);
  data::Rows rows = database.query(fmt::format(
      "SELECT e.unit, CASE WHEN e.time < u.first THEN -1 ELSE (e.time - {}) // {} END::INTEGER AS "
      "day{} FROM unit_events e JOIN exposed_units u ON e.unit = u.unit WHERE e.time >= u.first - "
      "{} AND e.time < least({}, {}) GROUP BY e.unit, day ORDER BY day, e.unit",
      from, kDay, sums, before, window, until));
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      const std::int32_t unit = chunk->int32s(0)[row];
      const std::int32_t day = chunk->int32s(1)[row];
      for (std::size_t i = 0; i < units.sums.size(); ++i) {
        const double value = chunk->doubles(i + 2)[row] * kUnit;
        if (value == 0.0) continue;
        model::UnitTable::Sum& sum = units.sums[i];
        (day < 0 ? sum.before : sum.after)[static_cast<std::size_t>(unit)] += value;
        if (day >= 0) sum.cells.push_back({unit, day, value});
      }
    }
  }
}

}  // namespace

model::UnitTable read_units(data::Database& database, const ExperimentQuery& query,
                            std::int64_t from, std::int64_t until) {
  model::UnitTable units;
  read_exposures(database, query, from, units);
  read_sums(database, query, from, until, units);
  return units;
}

}  // namespace vitrine::statistics
