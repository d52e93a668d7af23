#include "statistics/unit_log.h"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <string>
#include <vector>

#include "model_export/ingest_fixture.h"

namespace vitrine::statistics {

namespace {

data::UnitRows read(UnitLog& log, const std::string& lines, UnitLog::Columns columns) {
  const Folder folder;
  data::ReadOptions options;
  options.files = {folder.write("log.jsonl", lines)};
  return log.read(options, columns);
}

}  // namespace

TEST_CASE("units with lists come one after the other, each with its rows in the order of time") {
  UnitLog log({.threads = 2});
  const data::UnitRows rows = read(
      log,
      R"({"event": "view", "unit": "b", "time": 1600000020000, "item_id": "mug"})"
      "\n"
      R"({"event": "exposure", "unit": "b", "time": 1600000010000, "list": {"items": ["mug"]}})"
      "\n"
      R"({"event": "exposure", "unit": "a", "time": 1600000030000, "list": {"items": ["pan"]}})"
      "\n"
      R"({"event": "view", "unit": "c", "time": 1600000000000, "item_id": "mug"})"
      "\n",
      UnitLog::Columns::kLists);
  CHECK(rows.rows == 4);
  std::vector<std::string> units;
  std::map<std::string, std::vector<model::UnitRow>> histories;
  log.units_with_lists()([&](const std::string& unit, const std::vector<model::UnitRow>& history) {
    units.push_back(unit);
    histories[unit] = history;
  });
  CHECK(units == std::vector<std::string>{"a", "b"});  // c was shown no list
  REQUIRE(histories["b"].size() == 2);
  CHECK(histories["b"][0].word == "exposure");
  CHECK(histories["b"][0].time == 1600000010);
  CHECK(histories["b"][0].list.find("mug") != std::string::npos);
  CHECK(histories["b"][1].kind == EventKind::kView);
  CHECK(histories["b"][1].item == "mug");
  CHECK(histories["b"][1].list.empty());
}

TEST_CASE("rounds are the exposures to one experiment and what rewards them, by unit and time") {
  UnitLog log({.threads = 2});
  read(log,
       R"({"event": "exposure", "unit": "a", "time": 1600000000000, "experiment": "offer", )"
       R"("variation": "gift", "propensity": 0.25, "round": 0})"
       "\n"
       R"({"event": "purchase", "unit": "a", "time": 1600000060000})"
       "\n"
       R"({"event": "view", "unit": "a", "time": 1600000070000})"
       "\n"
       R"({"event": "purchase", "unit": "b", "time": 1600000060000})"
       "\n"
       R"({"event": "exposure", "unit": "c", "time": 1600000000000, "experiment": "offer", )"
       R"("variation": "none"})"
       "\n"
       R"({"event": "exposure", "unit": "d", "time": 1600000000000, "experiment": "other", )"
       R"("variation": "none", "propensity": 0.5, "round": 0})"
       "\n",
       UnitLog::Columns::kRounds);
  std::vector<model::RoundRow> rows;
  log.rounds("offer", "purchase")([&](const model::RoundRow& row) { rows.push_back(row); });
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].exposed);
  CHECK(rows[0].variation == "gift");
  CHECK(rows[0].propensity == 0.25);
  CHECK(rows[0].number == 0.0);
  CHECK_FALSE(rows[1].exposed);
  CHECK(rows[1].unit == rows[0].unit);
  CHECK(rows[1].time == 1600000060);
  CHECK(rows[2].unit != rows[0].unit);
  CHECK(rows[2].propensity == 0.0);  // it was not logged
  CHECK(rows[2].number == -1.0);
}

}  // namespace vitrine::statistics
