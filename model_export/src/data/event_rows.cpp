#include "data/event_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "data/time_column.h"
#include "data/value_sql.h"

namespace vitrine::data {

namespace {

constexpr std::string_view kStaging = "vitrine_file_rows";
// 2101-01-01, the first second after the year 2100.
constexpr std::int64_t kEndOfTimes = 4133980800;

/// Returns true for a log of invoices, which has quantities and prices but no kind of event.
bool is_invoice_log(const ColumnMap& columns) {
  return columns.count("event") == 0 && columns.count("price") != 0 &&
         columns.count("quantity") != 0;
}

bool is_invoice_number(const ColumnMap& columns) {
  const auto session = columns.find("session_id");
  if (session == columns.end()) return false;
  std::string name = session->second;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name.find("invoice") != std::string::npos;
}

void check_columns(const InputFile& file, const ColumnMap& columns) {
  const auto has = [&](const char* role) { return columns.count(role) != 0; };
  std::string missing;
  std::string_view role;
  if (!has("item_id")) {
    missing = "no column for the item";
    role = "item_id";
  } else if (!has("session_id") && !has("user_id")) {
    missing = "neither a session nor a user column";
    role = "session_id";
  } else if (!has("timestamp")) {
    missing = "no column for the time";
    role = "timestamp";
  } else {
    return;
  }
  const bool headerless = file.format == FileFormat::kCsv && !file.dialect.has_header;
  throw base::Error(base::ExitCode::kDataUnusable,
                    fmt::format("{} has {}; its columns are: {}{}. Name it with --map {}=COLUMN",
                                file.name, missing, list_columns(file.columns),
                                headerless ? " (it has no header line)" : "", role));
}

/// Returns the statement that fills the staging table with the raw values of each readable row.
/// rowid is the record number.
std::string staging_sql(const TextSource& source, const ReadFile& file, const DateOrder& order) {
  const auto& columns = file.columns;
  const std::string time = text_or_null(source, "timestamp");
  std::string number = time_number_sql(time);
  std::string seconds =
      fmt::format("CASE WHEN {} IS NULL THEN {} END", number, time_text_sql(time, order));
  if (file.input.format == FileFormat::kParquet) {
    const std::string& column = columns.at("timestamp");
    const std::string& type = file.input.types.at(column);
    if (type.starts_with("TIMESTAMP") || type == "DATE") {
      number = "NULL::DOUBLE";
      seconds = fmt::format("floor(epoch({}))::BIGINT", sql_name(column));
    }
  }
  const bool invoices = is_invoice_log(columns);
  const std::string kind = invoices
                               ? fmt::format("{}::UTINYINT", static_cast<int>(EventKind::kPurchase))
                               : event_kind_sql(text_or_null(source, "event"));
  std::string cancelled = "false";
  if (invoices) {
    cancelled =
        fmt::format("coalesce({} <= 0, false)", amount_sql(text_or_null(source, "quantity")));
    if (is_invoice_number(columns)) {
      cancelled += fmt::format(" OR coalesce(starts_with(upper({}), 'C'), false)",
                               text_or_null(source, "session_id"));
    }
  }
  return fmt::format(
      "CREATE OR REPLACE TABLE {} AS SELECT {} AS session, {} AS user_key, {} AS item, "
      "{} AS kind, {} AS number, {} AS seconds, {} AS price, {} AS quantity, {} AS country, CASE "
      "WHEN "
      "{} THEN 255 WHEN {} THEN {} WHEN {} THEN {} ELSE 0 END::UTINYINT AS flaw FROM {}",
      kStaging, id_sql(text_or_null(source, "session_id")), id_sql(text_or_null(source, "user_id")),
      id_sql(text_or_null(source, "item_id")), kind, number, seconds,
      amount_sql(text_or_null(source, "price")), amount_sql(text_or_null(source, "quantity")),
      id_sql(text_or_null(source, "country")), source.blank, source.malformed,
      static_cast<int>(RefusedReason::kMalformed), cancelled,
      static_cast<int>(RefusedReason::kCancelled), source.from);
}

/// Returns a FROM clause over the staging table that adds `time` and `reason` (0 for a good row).
std::string judged_sql(TimeUnit unit) {
  const auto code = [](RefusedReason reason) { return static_cast<int>(reason); };
  return fmt::format(
      "(SELECT *, rowid AS row, coalesce(seconds, {seconds}) AS time, CASE WHEN flaw <> 0 THEN "
      "flaw "
      "WHEN item IS NULL THEN {empty} WHEN strlen(item) > {longest} THEN {long} WHEN session IS "
      "NULL AND user_key IS NULL THEN {shopper} WHEN seconds IS NULL AND (number IS NULL OR NOT "
      "isfinite(number)) THEN {unreadable} WHEN seconds <= 0 OR number <= 0 THEN {positive} WHEN "
      "seconds IS NULL AND {other} THEN {unit} WHEN {seconds} IS NULL AND seconds IS NULL THEN "
      "{unreadable} WHEN coalesce(seconds, {seconds}) <= 0 THEN {positive} WHEN coalesce(seconds, "
      "{seconds}) >= {end} THEN {late} ELSE 0 END::UTINYINT AS reason FROM {staging})",
      fmt::arg("seconds", time_seconds_sql("number", unit)),
      fmt::arg("empty", code(RefusedReason::kEmptyItem)), fmt::arg("longest", kLongestItemId),
      fmt::arg("long", code(RefusedReason::kItemTooLong)),
      fmt::arg("shopper", code(RefusedReason::kMissingShopper)),
      fmt::arg("unreadable", code(RefusedReason::kUnreadableTime)),
      fmt::arg("positive", code(RefusedReason::kTimeNotPositive)),
      fmt::arg("other", other_unit_sql("number", unit)),
      fmt::arg("unit", code(RefusedReason::kTimeUnit)), fmt::arg("end", kEndOfTimes),
      fmt::arg("late", code(RefusedReason::kTimeTooLate)), fmt::arg("staging", kStaging));
}

void count_refused(Database& database, const ReadFile& file, const std::string& judged,
                   const ReadOptions& options, ReadReport& report) {
  std::map<RefusedReason, std::vector<std::uint64_t>> samples;
  Rows counts = database.query(fmt::format(
      "SELECT reason, count(*) FROM {} WHERE reason <> 255 GROUP BY reason ORDER BY reason",
      judged));
  while (const Chunk* chunk = counts.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      const auto count = static_cast<std::uint64_t>(chunk->int64s(1)[row]);
      report.rows_read += count;
      if (chunk->uint8s(0)[row] == 0) {
        report.rows_kept += count;
        continue;
      }
      const auto reason = static_cast<RefusedReason>(chunk->uint8s(0)[row]);
      report.refused[reason].count += count;
      samples[reason] = {};
    }
  }
  for (auto& [reason, rows] : samples) {
    Rows found =
        database.query(fmt::format("SELECT row FROM {} WHERE reason = {} ORDER BY row LIMIT {}",
                                   judged, static_cast<int>(reason), options.max_samples));
    while (const Chunk* chunk = found.next()) {
      for (const std::int64_t row : chunk->int64s(0)) {
        rows.push_back(static_cast<std::uint64_t>(row));
      }
    }
  }
  add_row_samples(database, file.input, file.rejects, samples, options.max_samples, report.refused);
}

void warn_about_unknown_kinds(Database& database, const ReadFile& file, const ReadOptions& options,
                              ReadReport& report) {
  const std::int64_t unknown = database.query_int64(fmt::format(
      "SELECT count(*) FROM {} WHERE kind = {}", kStaging, static_cast<int>(EventKind::kOther)));
  if (unknown == 0) return;
  const TextSource source = text_source(file.input, file.columns);
  const std::string word = text_or_null(source, "event");
  Rows rows = database.query(
      fmt::format("SELECT word FROM (SELECT {} AS word FROM {}) WHERE word IS NOT NULL AND {} = {} "
                  "GROUP BY word ORDER BY count(*) DESC, word LIMIT 5",
                  word, source.from, event_kind_sql("word"), static_cast<int>(EventKind::kOther)));
  std::string words;
  while (const Chunk* chunk = rows.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      words +=
          fmt::format("{}\"{}\"", words.empty() ? "" : ", ", printable(chunk->text(0, row), 40));
    }
  }
  drop_reject_tables(database);
  report.warnings.push_back(fmt::format(
      "{}: {} events of a kind that is not known are counted as \"other\": {}{}", file.input.name,
      unknown, words,
      options.columns.count("event") == 0 ? fmt::format(" (column {})", file.columns.at("event"))
                                          : ""));
}

}  // namespace

void create_event_rows(Database& database, const std::string& table) {
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE {} (session VARCHAR, user_key VARCHAR, item VARCHAR, kind "
      "UTINYINT, time BIGINT, price DOUBLE, quantity DOUBLE, country VARCHAR, file INTEGER, row "
      "BIGINT)",
      table));
}

ReadFile read_event_rows(Database& database, const std::string& path, int file_index,
                         const ReadOptions& options, const std::string& table, ReadReport& report) {
  ReadFile file;
  file.input = inspect_file(database, path);
  file.columns = map_columns(file.input.columns, options.columns, kEventColumns, path);
  check_columns(file.input, file.columns);

  const TextSource source = text_source(file.input, file.columns);
  DateOrder order;
  try {
    order = find_date_order(database, source.from, source.text.at("timestamp"));
  } catch (const base::Error&) {
    // DuckDB cannot read this file to its end. The staging step repairs it or reports the error.
  }
  stage_file(
      database, file, file_index,
      [&](const TextSource& readable) { return staging_sql(readable, file, order); }, options,
      report.refused, report.rows_read);
  if (order.ambiguous) {
    report.warnings.push_back(
        fmt::format("{}: dates are read as {} first, because no date of the file decides; write "
                    "them as YYYY-MM-DD if that is wrong",
                    path, order.day_first ? "day" : "month"));
  }
  const TimeUnit unit = find_time_unit(database, std::string(kStaging), "number");
  const std::string judged = judged_sql(unit);
  database.execute(fmt::format(
      "INSERT INTO {} SELECT session, user_key, item, kind, time, CASE WHEN isfinite(price) AND "
      "price >= 0 THEN price END, CASE WHEN isfinite(quantity) THEN quantity END, country, {}, row "
      "FROM {} "
      "WHERE reason = 0",
      table, file_index, judged));
  const std::uint64_t mixed_before = report.refused.count(RefusedReason::kTimeUnit) == 0
                                         ? 0
                                         : report.refused[RefusedReason::kTimeUnit].count;
  count_refused(database, file, judged, options, report);
  if (report.refused.count(RefusedReason::kTimeUnit) != 0) {
    const std::uint64_t mixed = report.refused[RefusedReason::kTimeUnit].count - mixed_before;
    if (mixed != 0) {
      report.warnings.push_back(
          fmt::format("{}: most times are {}; {} rows have another unit and are refused; put them "
                      "into a separate file",
                      path, time_unit_words(unit), mixed));
    }
  }
  warn_about_unknown_kinds(database, file, options, report);
  database.execute(fmt::format("DROP TABLE {}", kStaging));
  return file;
}

}  // namespace vitrine::data
