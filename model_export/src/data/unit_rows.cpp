#include "data/unit_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/progress.h"
#include "data/event_kind.h"
#include "data/staging.h"
#include "data/time_column.h"
#include "data/value_sql.h"

namespace vitrine::data {
namespace {

constexpr std::string_view kRoles[] = {"unit_id", "event",    "timestamp",  "item_id",
                                       "price",   "quantity", "experiment", "variation"};
constexpr std::string_view kStaging = "unit_file_rows";
constexpr std::int64_t kLongestUnit = 1024;

void check_columns(const ReadFile& file) {
  for (const char* role : {"unit_id", "event", "timestamp"}) {
    if (file.columns.count(role) != 0) continue;
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("{} has no column for the {}; its columns are: {}. Name it with --map "
                    "{}=COLUMN",
                    file.input.name,
                    std::string_view(role) == "unit_id" ? "unit (the visitor)" : role,
                    list_columns(file.input.columns), role));
  }
}

/// Returns SQL for a name without interpretation: a variation may be called "none".
std::string name_sql(const std::string& text) {
  return fmt::format("CASE WHEN trim({0}) <> '' THEN {0} END", text);
}

bool has_column(const ReadFile& file, const ExtraColumn& column) {
  const auto& all = file.input.columns;
  return std::find(all.begin(), all.end(), column.column) != all.end();
}

std::string staging_sql(const TextSource& source, const ReadFile& file, const DateOrder& order,
                        const std::vector<ExtraColumn>& extra) {
  const std::string time = text_or_null(source, "timestamp");
  std::string number = time_number_sql(time);
  std::string micros =
      fmt::format("CASE WHEN {} IS NULL THEN {} END", number, time_text_sql(time, order));
  if (file.input.format == FileFormat::kParquet) {
    const std::string& column = file.columns.at("timestamp");
    const std::string& type = file.input.types.at(column);
    if (type.starts_with("TIMESTAMP") || type == "DATE") {
      number = "NULL::DOUBLE";
      micros = fmt::format("epoch_us({})", sql_name(column));
    }
  }
  const std::string event = text_or_null(source, "event");
  std::string columns;
  for (const ExtraColumn& one : extra) {
    const std::string text = text_or_null(source, one.name);
    const std::string value = one.kind == ExtraColumn::Kind::kNumber ? amount_sql(text)
                              : one.kind == ExtraColumn::Kind::kId   ? id_sql(text)
                                                                     : text;
    columns += fmt::format(", {} AS {}", value, one.name);
  }
  return fmt::format(
      "CREATE OR REPLACE TABLE {} AS SELECT {} AS unit, lower(trim({})) AS word, {} AS kind, {} AS "
      "number, {} AS micros, {} AS item, coalesce({}, 0) * coalesce({}, 1) AS revenue, {} AS "
      "experiment, {} AS variation{}, ({}) AS blank, ({}) AS malformed FROM {}",
      kStaging, id_sql(text_or_null(source, "unit_id")), event, event_kind_sql(event), number,
      micros, id_sql(text_or_null(source, "item_id")), amount_sql(text_or_null(source, "price")),
      amount_sql(text_or_null(source, "quantity")), name_sql(text_or_null(source, "experiment")),
      name_sql(text_or_null(source, "variation")), columns, source.blank, source.malformed,
      source.from);
}

std::int64_t count(Database& database, const std::string& from) {
  return database.query_int64("SELECT count(*) FROM " + from);
}

/// Opens one file and finds its columns. Adds what its times look like to those of the run.
void open_file(Database& database, const ReadOptions& options,
               const std::vector<ExtraColumn>& extra, const std::string& path, ReadFile& file,
               RunFacts& run) {
  file.input = inspect_file(database, path);
  file.columns = map_columns(file.input.columns, options.columns, kRoles, path);
  // Objects of JSON need not all have the same keys. The columns are the keys of the first lines.
  const bool any_key =
      file.input.format == FileFormat::kJsonLines || file.input.format == FileFormat::kJsonArray;
  for (const ExtraColumn& one : extra) {
    if (any_key || has_column(file, one)) file.columns[one.name] = one.column;
  }
  check_columns(file);
  add_to_run(find_facts(database, file.input, {{file.columns.at("timestamp"), {.times = true}}}),
             run);
  drop_reject_tables(database);
}

/// Adds the rows of one file to `table`. The first file creates the table.
void read_file(Database& database, const ReadOptions& options,
               const std::vector<ExtraColumn>& extra, const std::string& table, ReadFile& file,
               int index, const RunFacts& run, Refused& refused, UnitRows& out) {
  std::string names;
  for (const ExtraColumn& one : extra) names += ", " + one.name;
  const TimeRule rule = decide_time(facts_of(run, file.columns.at("timestamp")).time,
                                    options.time_unit, options.day_first);
  stage_file(
      database, file, index,
      [&](const TextSource& source) { return staging_sql(source, file, rule.order, extra); },
      options, refused, out.rows);
  const std::string rows = fmt::format(
      "(SELECT *, coalesce(micros, CASE WHEN isfinite(number) AND NOT {} THEN {} END) // 1000000 "
      "AS "
      "time FROM {} WHERE NOT blank)",
      other_unit_sql("number", rule.unit), time_number_micros_sql("number", rule.unit), kStaging);
  const std::string good = fmt::format(
      "NOT malformed AND unit IS NOT NULL AND strlen(unit) <= {} AND coalesce(time, 0) > 0",
      kLongestUnit);
  out.rows += static_cast<std::uint64_t>(count(database, rows));
  note_problem(out.problems, "refused_rows",
               count(database, fmt::format("{} WHERE NOT ({})", rows, good)),
               fmt::format("rows of {} lack a unit or a time that can be read; they are left out",
                           file.input.name));
  const std::string query = fmt::format(
      "SELECT unit, word, kind, time, item, revenue, experiment, variation{} FROM {} WHERE {}",
      names, rows, good);
  database.execute(index == 0 ? fmt::format("CREATE OR REPLACE TABLE {} AS {}", table, query)
                              : fmt::format("INSERT INTO {} {}", table, query));
  database.execute(fmt::format("DROP TABLE {}", kStaging));
}

/// Removes amounts that are impossible for a shop. One of them would hide all other amounts and
/// could overflow the sum.
void drop_absurd_amounts(Database& database, const std::vector<ExtraColumn>& extra,
                         const std::string& table, UnitRows& out) {
  std::vector<std::string> amounts = {"revenue"};
  for (const ExtraColumn& one : extra) {
    if (one.kind == ExtraColumn::Kind::kNumber) amounts.push_back(one.name);
  }
  for (const std::string& amount : amounts) {
    const std::string absurd = fmt::format("NOT (abs({}) <= 1e12)", amount);
    const std::int64_t found = count(database, fmt::format("{} WHERE {}", table, absurd));
    if (found == 0) continue;
    database.execute(fmt::format("UPDATE {} SET {} = 0 WHERE {}", table, amount, absurd));
    note_problem(out.problems, "absurd_amounts", found,
                 "rows have an amount beyond 1e12, or none that is finite; it counts as 0");
  }
}

}  // namespace

void to_json(nlohmann::json& out, const LogProblem& problem) {
  out = {{"code", problem.code}, {"count", problem.count}, {"message", problem.message}};
}

void note_problem(std::vector<LogProblem>& problems, const std::string& code, std::int64_t count,
                  const std::string& words) {
  if (count == 0) return;
  const auto number = static_cast<std::uint64_t>(count);
  problems.push_back({code, number, fmt::format("{} {}", base::with_thousands(number), words)});
}

UnitRows read_unit_rows(Database& database, const ReadOptions& options,
                        const std::vector<ExtraColumn>& extra, const std::string& table) {
  UnitRows out;
  out.files = expand_files(options.files);
  std::vector<ReadFile> files(out.files.size());
  const RepairedCopies cleanup(files);
  Refused refused;
  RunFacts run;
  for (std::size_t i = 0; i < files.size(); ++i) {
    open_file(database, options, extra, out.files[i], files[i], run);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    read_file(database, options, extra, table, files[i], static_cast<int>(i), run, refused, out);
    close_original(files[i].input);
  }
  // A column that no file has is probably a typing error.
  for (const ExtraColumn& one : extra) {
    const bool found = std::any_of(files.begin(), files.end(),
                                   [&](const ReadFile& file) { return has_column(file, one); }) ||
                       count(database, fmt::format("{} WHERE {} IS NOT NULL", table, one.name)) > 0;
    if (found || !one.required) continue;
    throw base::Error(
        base::ExitCode::kUsage,
        fmt::format("No file has the required column \"{}\". {} has: {}.", one.column,
                    files.front().input.name, list_columns(files.front().input.columns)));
  }
  for (const auto& [reason, rows] : refused) {
    note_problem(out.problems, "refused_rows", static_cast<std::int64_t>(rows.count),
                 fmt::format("rows cannot be read ({}); they are left out", refused_words(reason)));
  }
  drop_absurd_amounts(database, extra, table, out);
  const std::int64_t before = count(database, table);
  database.execute(fmt::format("CREATE OR REPLACE TABLE {0} AS SELECT DISTINCT * FROM {0}", table));
  note_problem(out.problems, "duplicate_rows", before - count(database, table),
               "rows are repeated, equal in every column; each counts once");
  return out;
}

}  // namespace vitrine::data
