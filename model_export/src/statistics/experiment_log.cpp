#include "statistics/experiment_log.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/progress.h"
#include "data/database.h"
#include "statistics/unit_sums.h"

namespace vitrine::statistics {
namespace {

const std::string kRows = "experiment_rows";

class Reader {
 public:
  Reader(data::Database& database, const ExperimentQuery& query)
      : database_(database), query_(query) {}

  ExperimentData read(const data::ReadOptions& options) {
    std::vector<data::ExtraColumn> extra;
    for (std::size_t i = 0; i < query_.segments.size(); ++i) {
      extra.push_back({.name = fmt::format("segment{}", i), .column = query_.segments[i]});
      segments_ += fmt::format(", segment{}", i);
    }
    for (std::size_t i = 0; i < query_.values.size(); ++i) {
      extra.push_back({.name = fmt::format("value{}", i),
                       .column = query_.values[i],
                       .kind = data::ExtraColumn::Kind::kNumber});
    }
    data::UnitRows rows = data::read_unit_rows(database_, options, extra, kRows);
    log_.files = std::move(rows.files);
    log_.rows = rows.rows;
    log_.problems = std::move(rows.problems);
    take_exposures();
    take_units();
    take_events();
    model::UnitTable units = read_units(database_, query_, log_.from, log_.until);
    return {.log = std::move(log_), .units = std::move(units)};
  }

 private:
  void note(const std::string& code, std::int64_t count, const std::string& words) {
    data::note_problem(log_.problems, code, count, words);
  }

  std::int64_t count(const std::string& from) {
    return database_.query_int64("SELECT count(*) FROM " + from);
  }

  void take_exposures() {
    std::string arms;
    for (std::size_t i = 0; i < query_.variations.size(); ++i) {
      arms += fmt::format(" WHEN {} THEN {}", data::sql_literal(query_.variations[i]), i);
    }
    database_.execute(fmt::format(
        "CREATE OR REPLACE TABLE experiment_exposures AS SELECT unit AS name, time, variation, "
        "CASE "
        "variation{} END::INTEGER AS arm{} FROM {} WHERE word = 'exposure' AND experiment = {}",
        arms, segments_, kRows, data::sql_literal(query_.experiment)));
    if (count("experiment_exposures") == 0) {
      throw base::Error(
          base::ExitCode::kDataUnusable,
          fmt::format("No exposure of the experiment \"{}\" is in the log. Exposures are "
                      "events \"exposure\" with columns experiment and variation; "
                      "experiments that are there: {}.",
                      query_.experiment,
                      names_of("experiment", fmt::format("{} WHERE word = 'exposure'", kRows))));
    }
    const std::string unknown = "experiment_exposures WHERE arm IS NULL";
    note("unknown_variations", count(unknown),
         fmt::format("exposures name a variation that the configuration does not have ({}); they "
                     "are left out",
                     names_of("variation", unknown)));
    database_.execute("DELETE FROM experiment_exposures WHERE arm IS NULL");
    log_.from = query_.from;
    if (log_.from != 0)
      drop_exposures("early_exposures", "time <", log_.from,
                     "before \"from\", when nobody was assigned yet");
    if (query_.until != 0)
      drop_exposures("late_exposures", "time >=", query_.until, "at or after \"until\"");
    if (log_.from == 0)
      log_.from = database_.query_int64("SELECT min(time) FROM experiment_exposures");
    log_.until = query_.until != 0
                     ? query_.until
                     : database_.query_int64(fmt::format("SELECT max(time) + 1 FROM {}", kRows));
  }

  void drop_exposures(const std::string& code, const std::string& test, std::int64_t time,
                      const std::string& words) {
    const std::string where = fmt::format("experiment_exposures WHERE {} {}", test, time);
    note(code, count(where), fmt::format("exposures are {}; they are left out", words));
    database_.execute("DELETE FROM " + where);
  }

  /// Returns a text such as "a", "b" ... with the values of a column of `from`, the most frequent
  /// first.
  std::string names_of(const std::string& column, const std::string& from) {
    data::Rows rows = database_.query(fmt::format(
        "SELECT {0} FROM {1} GROUP BY {0} ORDER BY count(*) DESC, {0} LIMIT 5", column, from));
    std::string out;
    while (const data::Chunk* chunk = rows.next()) {
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ",
                           data::printable(chunk->text(0, row), 40));
      }
    }
    return out.empty() ? "none" : out;
  }

  void take_units() {
    std::string segments;
    for (std::size_t i = 0; i < query_.segments.size(); ++i) {
      segments += fmt::format(", arg_min(segment{0}, (time, segment{0})) AS segment{0}", i);
    }
    database_.execute(fmt::format(
        "CREATE OR REPLACE TABLE experiment_units AS SELECT name, min(arm) AS arm, min(arm) <> "
        "max(arm) AS crossed, count(*) > {} AS bot, min(time) AS first{} FROM experiment_exposures "
        "GROUP BY name",
        query_.most_exposures, segments));
    note("crossed_units", count("experiment_units WHERE crossed"),
         "units have seen more than one variation; they are left out. Assign by an id that stays "
         "the same");
    note("bots", count("experiment_units WHERE bot"),
         fmt::format("units have more than {} exposures and count as bots; they are left out",
                     base::with_thousands(query_.most_exposures)));
    database_.execute(fmt::format(
        "CREATE OR REPLACE TABLE exposed_units AS SELECT (row_number() OVER (ORDER BY name) - "
        "1)::INTEGER AS unit, name, arm, first{} FROM experiment_units WHERE NOT crossed AND NOT "
        "bot ORDER BY name; DROP TABLE experiment_units",
        segments_));
    log_.exposures = static_cast<std::uint64_t>(
        count("experiment_exposures WHERE name IN (SELECT name FROM exposed_units)"));
    database_.execute("DROP TABLE experiment_exposures");
    check_assignment();
  }

  /// Counts units whose variation is not the one that the definition gives their id.
  void check_assignment() {
    if (!query_.assigned) return;
    std::int64_t other = 0;
    data::Rows rows = database_.query("SELECT name, arm FROM exposed_units ORDER BY unit");
    while (const data::Chunk* chunk = rows.next()) {
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        const int assigned = query_.assigned(chunk->text(0, row));
        if (assigned >= 0 && assigned != chunk->int32s(1)[row]) ++other;
      }
    }
    note("unexpected_variations", other,
         "units saw another variation than the definition gives their id; they count for the "
         "variation they saw. Check seed, weights and the attribute that is hashed");
  }

  void take_events() {
    std::string values;
    for (std::size_t i = 0; i < query_.values.size(); ++i) values += fmt::format(", e.value{}", i);
    const std::string experiment = data::sql_literal(query_.experiment);
    database_.execute(fmt::format(
        "CREATE OR REPLACE TABLE unit_events AS SELECT u.unit, e.time, e.kind, e.word, e.revenue{} "
        "FROM {} e JOIN exposed_units u ON e.unit = u.name WHERE e.word <> 'exposure' OR "
        "e.experiment = {}",
        values, kRows, experiment));
    const std::string others = "unit_events WHERE word <> 'exposure'";
    log_.events = static_cast<std::uint64_t>(count(others));
    note("late_events", count(fmt::format("{} AND time >= {}", others, log_.until)),
         "events came at or after \"until\"; they are left out");
    database_.execute(fmt::format("DROP TABLE {}", kRows));
  }

  data::Database& database_;
  const ExperimentQuery& query_;
  std::string segments_;  // ", segment0, segment1 ..."
  ExperimentLog log_;
};

}  // namespace

ExperimentData read_experiment_log(const LogLimits& limits, const data::ReadOptions& options,
                                   const ExperimentQuery& query) {
  data::Database database({.memory_limit = limits.memory, .threads = limits.threads});
  return Reader(database, query).read(options);
}

}  // namespace vitrine::statistics
