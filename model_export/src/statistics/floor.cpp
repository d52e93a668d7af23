#include "statistics/floor.h"

#include <fmt/format.h>

#include "vitrine_sql.h"

namespace vitrine::statistics {
namespace {

std::string name_of(std::string_view events) { return fmt::format("{}_floor", events); }

}  // namespace

std::string make_floor(data::Database& database, std::string_view events,
                       std::uint32_t min_shoppers) {
  const std::string name = name_of(events);
  database.execute(fmt::format(fmt::runtime(sql::floor), fmt::arg("events", events),
                               fmt::arg("name", name), fmt::arg("least", min_shoppers)));
  return name;
}

void drop_floor(data::Database& database, std::string_view events) {
  const std::string name = name_of(events);
  database.execute(fmt::format("DROP VIEW IF EXISTS {}", name));
  for (const std::string_view part : {"shoppers", "items", "kinds", "countries"}) {
    database.execute(fmt::format("DROP TABLE IF EXISTS {}_{}", name, part));
  }
}

model::FloorCounts count_floor(data::Database& database, std::string_view events,
                               std::uint32_t min_shoppers) {
  data::Rows rows = database.query(fmt::format(
      "SELECT count(DISTINCT item), count(*), (SELECT count(*) FROM {1}_items), count(*) FILTER "
      "(item NOT IN (SELECT item FROM {1}_items)) FROM {0} WHERE kind <> 4",
      events, name_of(events)));
  const data::Chunk* chunk = rows.next();
  const auto number = [chunk](std::size_t column) {
    return static_cast<std::uint64_t>(chunk->int64s(column)[0]);
  };
  return {.min_shoppers = min_shoppers,
          .items = number(0),
          .items_left_out = number(0) - number(2),
          .events = number(1),
          .events_left_out = number(3)};
}

}  // namespace vitrine::statistics
