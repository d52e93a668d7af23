#include "statistics/unit_log.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "data/database.h"
#include "data/event_kind.h"

namespace vitrine::statistics {
namespace {

std::vector<data::ExtraColumn> extra_columns(UnitLog::Columns columns) {
  using Kind = data::ExtraColumn::Kind;
  if (columns == UnitLog::Columns::kLists) {
    return {{.name = "list", .column = "list", .kind = Kind::kText}};
  }
  const auto number = [](const char* name) {
    return data::ExtraColumn{
        .name = name, .column = name, .kind = Kind::kNumber, .required = false};
  };
  return {number("propensity"), number("round")};
}

void read_histories(data::Database& database,
                    const std::function<void(const std::string& unit,
                                             const std::vector<model::UnitRow>& rows)>& on_unit) {
  data::Rows found = database.query(
      "SELECT unit, time, kind, word, item, list FROM unit_rows WHERE unit IN (SELECT unit FROM "
      "unit_rows WHERE word = 'exposure' AND list IS NOT NULL) ORDER BY unit, time, word = "
      "'exposure', word, item, list");
  std::string unit;
  std::vector<model::UnitRow> rows;
  while (const data::Chunk* chunk = found.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      if (chunk->text(0, row) != unit) {
        if (!rows.empty()) on_unit(unit, rows);
        unit = chunk->text(0, row);
        rows.clear();
      }
      rows.push_back({.time = chunk->int64s(1)[row],
                      .kind = static_cast<EventKind>(chunk->uint8s(2)[row]),
                      .word = std::string(chunk->text(3, row)),
                      .item = std::string(chunk->text(4, row)),
                      .list = std::string(chunk->text(5, row))});
    }
  }
  if (!rows.empty()) on_unit(unit, rows);
}

void read_rounds(data::Database& database, const std::string& experiment, const std::string& reward,
                 const std::function<void(model::RoundRow row)>& on_row) {
  const EventKind kind = data::event_kind(reward);
  const std::string rewarded = kind != EventKind::kOther
                                   ? fmt::format("kind = {}", static_cast<int>(kind))
                                   : fmt::format("word = lower({})", data::sql_literal(reward));
  const std::string exposed =
      fmt::format("word = 'exposure' AND experiment = {}", data::sql_literal(experiment));
  data::Rows rows = database.query(fmt::format(
      "SELECT unit, time, ({0}) AS exposed, variation, coalesce(propensity, 0), coalesce(round, "
      "-1) FROM unit_rows WHERE ({0}) OR (word <> 'exposure' AND {1} AND unit IN (SELECT unit FROM "
      "unit_rows WHERE {0})) ORDER BY unit, time, exposed, variation, propensity, round",
      exposed, rewarded));
  std::string unit;
  std::size_t units = 0;
  while (const data::Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      if (chunk->text(0, row) != unit) {
        unit = chunk->text(0, row);
        ++units;
      }
      on_row({.unit = units,
              .time = chunk->int64s(1)[row],
              .exposed = chunk->bools(2)[row],
              .variation = std::string(chunk->text(3, row)),
              .propensity = chunk->doubles(4)[row],
              .number = chunk->doubles(5)[row]});
    }
  }
}

}  // namespace

UnitLog::UnitLog(const LogLimits& limits)
    : database_(std::make_unique<data::Database>(
          data::DatabaseOptions{.memory_limit = limits.memory, .threads = limits.threads})) {}
UnitLog::UnitLog(UnitLog&&) noexcept = default;
UnitLog& UnitLog::operator=(UnitLog&&) noexcept = default;
UnitLog::~UnitLog() = default;

data::UnitRows UnitLog::read(const data::ReadOptions& options, Columns columns) {
  return data::read_unit_rows(*database_, options, extra_columns(columns), "unit_rows");
}

model::UnitHistories UnitLog::units_with_lists() {
  return [this](const auto& on_unit) { read_histories(*database_, on_unit); };
}

model::RoundRows UnitLog::rounds(const std::string& experiment, const std::string& reward) {
  return [this, experiment, reward](const auto& on_row) {
    read_rounds(*database_, experiment, reward, on_row);
  };
}

}  // namespace vitrine::statistics
