#include "experiment/experiment_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/error.h"
#include "cli/progress.h"
#include "experiment/assignment.h"
#include "ingest/staging.h"
#include "ingest/time_column.h"
#include "ingest/value_sql.h"

namespace vitrine::train {
namespace {

constexpr std::string_view kRoles[] = {"unit_id", "event",    "timestamp",  "item_id",
                                       "price",   "quantity", "experiment", "variation"};
constexpr std::string_view kStaging = "experiment_file_rows";
constexpr std::string_view kRows = "experiment_rows";
constexpr std::int64_t kLongestUnit = 1024;

/// Columns of the log beyond the roles, by a name that SQL can use.
struct ExtraColumns {
  const std::vector<std::string>& segments;
  const std::vector<std::string>& values;

  /// Adds those that the file has to its map of columns.
  void find(ReadFile& file) const {
    const auto add = [&](const std::string& role, const std::string& column) {
      const auto& all = file.input.columns;
      if (std::find(all.begin(), all.end(), column) != all.end()) file.columns[role] = column;
    };
    for (std::size_t i = 0; i < segments.size(); ++i) add(fmt::format("segment{}", i), segments[i]);
    for (std::size_t i = 0; i < values.size(); ++i) add(fmt::format("value{}", i), values[i]);
  }
  /// ", a, b": each column by `write(name, is a number)`.
  template <typename Write>
  std::string list(const Write& write) const {
    std::string out;
    for (std::size_t i = 0; i < segments.size(); ++i)
      out += ", " + write(fmt::format("segment{}", i), false);
    for (std::size_t i = 0; i < values.size(); ++i)
      out += ", " + write(fmt::format("value{}", i), true);
    return out;
  }
  [[nodiscard]] std::string names() const {
    return list([](const std::string& name, bool) { return name; });
  }
};

void check_columns(const ReadFile& file) {
  for (const char* role : {"unit_id", "event", "timestamp"}) {
    if (file.columns.count(role) != 0) continue;
    throw Error(ExitCode::kDataUnusable,
                fmt::format("{} has no column for the {}; its columns are: {}. Name it with --map "
                            "{}=COLUMN",
                            file.input.name,
                            std::string_view(role) == "unit_id" ? "unit (the visitor)" : role,
                            list_columns(file.input.columns), role));
  }
}

std::string staging_sql(const TextSource& source, const ReadFile& file, const DateOrder& order,
                        const ExtraColumns& extra) {
  const std::string time = text_or_null(source, "timestamp");
  std::string number = time_number_sql(time);
  std::string seconds =
      fmt::format("CASE WHEN {} IS NULL THEN {} END", number, time_text_sql(time, order));
  if (file.input.format == FileFormat::kParquet) {
    const std::string& column = file.columns.at("timestamp");
    const std::string& type = file.input.types.at(column);
    if (type.starts_with("TIMESTAMP") || type == "DATE") {
      number = "NULL::DOUBLE";
      seconds = fmt::format("floor(epoch({}))::BIGINT", sql_name(column));
    }
  }
  const std::string event = text_or_null(source, "event");
  const std::string columns = extra.list([&](const std::string& name, bool is_number) {
    const std::string text = text_or_null(source, name);
    return fmt::format("{} AS {}", is_number ? amount_sql(text) : id_sql(text), name);
  });
  return fmt::format(
      "CREATE OR REPLACE TABLE {} AS SELECT {} AS unit, lower(trim({})) AS word, {} AS kind, {} AS "
      "number, {} AS seconds, {} AS item, coalesce({}, 0) * coalesce({}, 1) AS revenue, {} AS "
      "experiment, {} AS variation{}, ({}) AS blank, ({}) AS malformed FROM {}",
      kStaging, id_sql(text_or_null(source, "unit_id")), event, event_kind_sql(event), number,
      seconds, id_sql(text_or_null(source, "item_id")), amount_sql(text_or_null(source, "price")),
      amount_sql(text_or_null(source, "quantity")), id_sql(text_or_null(source, "experiment")),
      id_sql(text_or_null(source, "variation")), columns, source.blank, source.malformed,
      source.from);
}

class Reader {
 public:
  Reader(Database& database, const ReadOptions& options, const AnalysisConfig& config,
         const std::vector<std::string>& values)
      : database_(database), options_(options), config_(config), extra_{config.segments, values} {}

  ExperimentLog read() {
    log_.files = expand_files(options_.files);
    std::vector<ReadFile> files(log_.files.size());
    const RepairedCopies cleanup(files);
    for (std::size_t i = 0; i < files.size(); ++i) read_file(files[i], static_cast<int>(i));
    check_extra_columns(files);
    for (const auto& [reason, rows] : refused_) {
      note("refused_rows", rows.count,
           fmt::format("rows could not be read: {}", refused_words(reason)));
    }
    remove_duplicates();
    take_exposures();
    take_units();
    take_events();
    return std::move(log_);
  }

 private:
  void note(const std::string& code, std::int64_t count, const std::string& words) {
    if (count == 0) return;
    log_.problems.push_back(
        {code, static_cast<std::uint64_t>(count),
         fmt::format("{} {}", with_thousands(static_cast<std::uint64_t>(count)), words)});
  }

  std::int64_t count(const std::string& from) {
    return database_.query_int64("SELECT count(*) FROM " + from);
  }

  void read_file(ReadFile& file, int index) {
    const std::string& path = log_.files[static_cast<std::size_t>(index)];
    file.input = inspect_file(database_, path);
    file.columns = map_columns(file.input.columns, options_.columns, kRoles, path);
    extra_.find(file);
    check_columns(file);
    DateOrder order;
    try {
      const TextSource source = text_source(file.input, file.columns);
      order = find_date_order(database_, source.from, source.text.at("timestamp"));
    } catch (const Error&) {
      // A file that DuckDB cannot read through: staging repairs it or says what is wrong.
    }
    stage_file(
        database_, file, index,
        [&](const TextSource& source) { return staging_sql(source, file, order, extra_); },
        options_, refused_, log_.rows);
    const TimeUnit unit = find_time_unit(database_, std::string(kStaging), "number");
    const std::string rows = fmt::format(
        "(SELECT *, coalesce(seconds, CASE WHEN isfinite(number) AND NOT {} THEN {} END) AS time "
        "FROM {} WHERE NOT blank)",
        other_unit_sql("number", unit), time_seconds_sql("number", unit), kStaging);
    const std::string good = fmt::format(
        "NOT malformed AND unit IS NOT NULL AND strlen(unit) <= {} AND coalesce(time, 0) > 0",
        kLongestUnit);
    log_.rows += static_cast<std::uint64_t>(count(rows));
    note("refused_rows", count(fmt::format("{} WHERE NOT ({})", rows, good)),
         fmt::format("rows of {} lack a unit or a time that can be read; they are left out",
                     file.input.name));
    const std::string query = fmt::format(
        "SELECT unit, word, kind, time, item, revenue, experiment, variation{} FROM {} WHERE {}",
        extra_.names(), rows, good);
    database_.execute(index == 0 ? fmt::format("CREATE OR REPLACE TABLE {} AS {}", kRows, query)
                                 : fmt::format("INSERT INTO {} {}", kRows, query));
    database_.execute(fmt::format("DROP TABLE {}", kStaging));
  }

  /// A column that no file has is a slip of the pen.
  void check_extra_columns(const std::vector<ReadFile>& files) const {
    static_cast<void>(extra_.list([&](const std::string& name, bool is_number) {
      const bool found = std::any_of(files.begin(), files.end(), [&](const ReadFile& file) {
        return file.columns.count(name) != 0;
      });
      const std::size_t index = std::stoul(name.substr(is_number ? 5 : 7));
      const std::string& column = is_number ? extra_.values[index] : extra_.segments[index];
      if (!found) {
        throw Error(ExitCode::kUsage,
                    fmt::format("No file has the column \"{}\" that the configuration names. {} "
                                "has: {}.",
                                column, files.front().input.name,
                                list_columns(files.front().input.columns)));
      }
      return name;
    }));
  }

  /// The same row again, as a sender writes it that tries twice.
  void remove_duplicates() {
    const std::int64_t before = count(std::string(kRows));
    database_.execute(
        fmt::format("CREATE OR REPLACE TABLE {0} AS SELECT DISTINCT * FROM {0}", kRows));
    note("duplicate_rows", before - count(std::string(kRows)),
         "rows are there twice, alike in every column; each counts once");
  }

  void take_exposures() {
    std::string arms;
    for (std::size_t i = 0; i < config_.variations.size(); ++i) {
      arms += fmt::format(" WHEN {} THEN {}", sql_literal(config_.variations[i]), i);
    }
    database_.execute(fmt::format(
        "CREATE OR REPLACE TABLE experiment_exposures AS SELECT unit AS name, time, variation, "
        "CASE "
        "variation{} END::INTEGER AS arm{} FROM {} WHERE word = 'exposure' AND experiment = {}",
        arms, extra_.names(), kRows, sql_literal(config_.experiment)));
    if (count("experiment_exposures") == 0) {
      throw Error(
          ExitCode::kDataUnusable,
          fmt::format("No exposure of the experiment \"{}\" is in the log. Exposures are "
                      "events \"exposure\" with columns experiment and variation; "
                      "experiments that are there: {}.",
                      config_.experiment,
                      names_of("experiment", fmt::format("{} WHERE word = 'exposure'", kRows))));
    }
    const std::string unknown = "experiment_exposures WHERE arm IS NULL";
    note("unknown_variations", count(unknown),
         fmt::format("exposures name a variation that the configuration does not have ({}); they "
                     "are left out",
                     names_of("variation", unknown)));
    database_.execute("DELETE FROM experiment_exposures WHERE arm IS NULL");
    log_.from = config_.from;
    if (log_.from != 0)
      drop_exposures("early_exposures", "time <", log_.from,
                     "before \"from\", when nobody was assigned yet");
    if (config_.until != 0)
      drop_exposures("late_exposures", "time >=", config_.until, "at or after \"until\"");
    if (log_.from == 0)
      log_.from = database_.query_int64("SELECT min(time) FROM experiment_exposures");
    log_.until = config_.until != 0
                     ? config_.until
                     : database_.query_int64(fmt::format("SELECT max(time) + 1 FROM {}", kRows));
  }

  void drop_exposures(const std::string& code, const std::string& test, std::int64_t time,
                      const std::string& words) {
    const std::string where = fmt::format("experiment_exposures WHERE {} {}", test, time);
    note(code, count(where), fmt::format("exposures are {}; they are left out", words));
    database_.execute("DELETE FROM " + where);
  }

  /// "a", "b" ...: what a column of `from` holds, the most frequent first.
  std::string names_of(const std::string& column, const std::string& from) {
    Rows rows = database_.query(fmt::format(
        "SELECT {0} FROM {1} GROUP BY {0} ORDER BY count(*) DESC, {0} LIMIT 5", column, from));
    std::string out;
    while (const Chunk* chunk = rows.next()) {
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", printable(chunk->text(0, row), 40));
      }
    }
    return out.empty() ? "none" : out;
  }

  void take_units() {
    std::string segments;
    for (std::size_t i = 0; i < config_.segments.size(); ++i) {
      segments += fmt::format(", arg_min(segment{0}, (time, segment{0})) AS segment{0}", i);
    }
    database_.execute(fmt::format(
        "CREATE OR REPLACE TABLE experiment_units AS SELECT name, min(arm) AS arm, min(arm) <> "
        "max(arm) AS crossed, count(*) > {} AS bot, min(time) AS first{} FROM experiment_exposures "
        "GROUP BY name",
        config_.most_exposures, segments));
    note("crossed_units", count("experiment_units WHERE crossed"),
         "units have seen more than one variation; they are left out. Assign by an id that stays "
         "the same");
    note("bots", count("experiment_units WHERE bot"),
         fmt::format("units have more than {} exposures and count as bots; they are left out",
                     with_thousands(config_.most_exposures)));
    std::string columns;
    for (std::size_t i = 0; i < config_.segments.size(); ++i)
      columns += fmt::format(", segment{}", i);
    database_.execute(fmt::format(
        "CREATE OR REPLACE TABLE exposed_units AS SELECT (row_number() OVER (ORDER BY name) - "
        "1)::INTEGER AS unit, name, arm, first{} FROM experiment_units WHERE NOT crossed AND NOT "
        "bot ORDER BY name; DROP TABLE experiment_units",
        columns));
    log_.exposures = static_cast<std::uint64_t>(
        count("experiment_exposures WHERE name IN (SELECT name FROM exposed_units)"));
    database_.execute("DROP TABLE experiment_exposures");
    check_assignment();
  }

  /// Units whose variation is not the one that the definition gives their id.
  void check_assignment() {
    if (config_.definition.is_null()) return;
    Experiment experiment = experiment_from(config_.definition);
    // The bucket alone: conditions, holdouts and sticky assignments are not in the log.
    experiment.coverage = 1.0;
    experiment.ramp.clear();
    experiment.part.reset();
    experiment.filters.reset();
    experiment.holdout.clear();
    experiment.condition = nullptr;
    experiment.parents.clear();
    experiment.hash_attribute = "id";
    experiment.active = true;
    experiment.status = ExperimentStatus::kRunning;
    std::int64_t other = 0;
    Rows rows = database_.query("SELECT name, arm FROM exposed_units ORDER BY unit");
    while (const Chunk* chunk = rows.next()) {
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        const Assignment assigned =
            assign(experiment, {.attributes = {{"id", chunk->text(0, row)}}});
        if (assigned.is_drawn() && assigned.variation != chunk->int32s(1)[row]) ++other;
      }
    }
    note("unexpected_variations", other,
         "units have another variation than the definition gives their id; they count with what "
         "they saw. Check seed, weights and the attribute that is hashed");
  }

  void take_events() {
    std::string values;
    for (std::size_t i = 0; i < extra_.values.size(); ++i) values += fmt::format(", e.value{}", i);
    const std::string experiment = sql_literal(config_.experiment);
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

  Database& database_;
  const ReadOptions& options_;
  const AnalysisConfig& config_;
  ExtraColumns extra_;
  Refused refused_;
  ExperimentLog log_;
};

}  // namespace

ExperimentLog read_experiment_log(Database& database, const ReadOptions& options,
                                  const AnalysisConfig& config,
                                  const std::vector<std::string>& values) {
  return Reader(database, options, config, values).read();
}

}  // namespace vitrine::train
