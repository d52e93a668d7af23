#include "data/event_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "base/progress.h"
#include "data/event_kind.h"
#include "data/value_sql.h"

namespace vitrine::data {

namespace {

constexpr std::string_view kStaging = "vitrine_file_rows";
// 2101-01-01, the first second after the year 2100.
constexpr std::int64_t kEndOfTimes = 4133980800;
constexpr int kBlank = 255;
/// Rows that are set aside have this plus the meaning of their event.
constexpr int kAside = 200;

int code(RefusedReason reason) { return static_cast<int>(reason); }

/// Returns true for a log of orders, which has no kind of event because all are purchases.
bool is_order_log(const ReadFile& file) {
  const ColumnMap& columns = file.columns;
  if (file.kind || columns.count("event") != 0) return false;
  if (columns.count("price") != 0 && columns.count("quantity") != 0) return true;
  return columns.count("session_id") != 0 && is_order_column(columns.at("session_id"));
}

bool is_invoice_number(const ColumnMap& columns) {
  const auto session = columns.find("session_id");
  return session != columns.end() &&
         bare_name(session->second).find("invoice") != std::string::npos;
}

/// The expressions of one file.
class RowSql {
 public:
  RowSql(const TextSource& source, const ReadFile& file, const RunFacts& run,
         const ReadOptions& options)
      : source_(source), file_(file), run_(run), options_(options) {}

  [[nodiscard]] std::string text(std::string_view role) const {
    return text_or_null(source_, role);
  }

  /// An id by the rules of its column.
  [[nodiscard]] std::string id(const std::string& role) const {
    const bool shopper = role != "item_id" && role != "country";
    std::string sql = shopper ? shopper_sql(text(role)) : id_sql(text(role));
    if (!has(role)) return sql;
    const ColumnFacts facts = facts_of(run_, file_.columns.at(role));
    if (shopper && zero_is_nobody(facts)) {
      sql = fmt::format("CASE WHEN {} IN ('0', '0.0', '-1', '-1.0') THEN NULL ELSE {} END",
                        text(role), sql);
    }
    const bool whole = facts.decimals > 0 && facts.not_whole == 0;
    return whole ? whole_number_sql(sql) : sql;
  }

  [[nodiscard]] std::string amount(const std::string& role) const {
    const AmountRule rule =
        has(role)
            ? decide_amounts(facts_of(run_, file_.columns.at(role)).amounts, options_.decimal_comma)
            : AmountRule{};
    return amount_sql(text(role), rule);
  }

  [[nodiscard]] TimeRule time_rule() const {
    return decide_time(facts_of(run_, file_.columns.at("timestamp")).time, options_.time_unit,
                       options_.day_first);
  }

  /// The number of a time, NULL for a text; and the microseconds of a text.
  [[nodiscard]] std::pair<std::string, std::string> time() const {
    const std::string& column = file_.columns.at("timestamp");
    if (file_.input.format == FileFormat::kParquet && file_.input.types.count(column) != 0) {
      const std::string& type = file_.input.types.at(column);
      if (type.starts_with("TIMESTAMP") || type == "DATE") {
        return {"NULL::DOUBLE", fmt::format("epoch_us({})", sql_name(column))};
      }
    }
    const std::string number = time_number_sql(text("timestamp"));
    return {number, fmt::format("CASE WHEN {} IS NULL THEN {} END", number,
                                time_text_sql(text("timestamp"), time_rule().order))};
  }

  /// Microseconds to add to a time that is only a day.
  [[nodiscard]] std::string offset() const {
    if (!has("offset")) return "0";
    const std::string value = text("offset");
    return fmt::format(
        "coalesce(TRY_CAST(TRY_CAST({0} AS DOUBLE) * 1000 AS BIGINT), epoch_us(TRY_CAST(CASE WHEN "
        "contains({0}, ':') THEN trim({0}) || CASE WHEN regexp_full_match(trim({0}), "
        "'[0-9]+:[0-9]+') THEN ':00' ELSE '' END END AS TIME)), 0)",
        value);
  }

  [[nodiscard]] std::string meaning() const {
    if (file_.kind) return fmt::format("{}::UTINYINT", static_cast<int>(*file_.kind));
    if (is_order_log(file_)) {
      return fmt::format("{}::UTINYINT", static_cast<int>(EventMeaning::kPurchase));
    }
    if (!has("event")) return fmt::format("{}::UTINYINT", static_cast<int>(EventMeaning::kView));
    // A view of a page without an item is nothing that an export lost.
    return fmt::format(
        "CASE WHEN {} IS NULL AND regexp_full_match(translate(lower({}), ' _-.', ''), "
        "'pageview|pageviewed|click|clicks') THEN {}::UTINYINT ELSE {} END",
        id("item_id"), text("event"), static_cast<int>(EventMeaning::kVisit),
        event_meaning_sql(text("event")));
  }

  /// True for a row that is cancelled by itself.
  [[nodiscard]] std::string cancelled() const {
    if (!is_order_log(file_)) return "false";
    std::string sql = "false";
    if (has("quantity")) sql = fmt::format("coalesce({} <= 0, false)", amount("quantity"));
    if (is_invoice_number(file_.columns)) {
      sql += fmt::format(" OR coalesce(starts_with(upper({}), 'C'), false)", text("session_id"));
    }
    return sql;
  }

  /// True for a row that says that its whole order does not count.
  [[nodiscard]] std::string order_is_off() const {
    std::string sql = "false";
    if (has("status")) {
      sql = fmt::format(
          "coalesce(regexp_full_match(translate(lower({}), ' _-.', ''), "
          "'(wc)?(cancel|canceled|cancelled|void|voided|refunded|fullyrefunded|returned|failed|"
          "declined|expired|chargeback|unavailable|trash|storniert|erstattet|annul|annule|annulée|"
          "remboursé|cancelado|reembolsado|annullato|rimborsato)'), false)",
          text("status"));
    }
    if (has("cancelled_at")) {
      sql += fmt::format(" OR {} IS NOT NULL", shopper_sql(text("cancelled_at")));
    }
    return sql;
  }

  [[nodiscard]] std::string row_hash() const {
    if (!has("event_id")) return source_.row_hash;
    return fmt::format("CASE WHEN {0} IS NOT NULL THEN hash({0}, {1}) ELSE {2} END",
                       id_sql(text("event_id")), source_.place, source_.row_hash);
  }

  [[nodiscard]] bool has(const std::string& role) const { return file_.columns.count(role) != 0; }

 private:
  const TextSource& source_;
  const ReadFile& file_;
  const RunFacts& run_;
  const ReadOptions& options_;
};

/// Returns the statement that fills the staging table with the values of each readable row.
std::string staging_sql(const TextSource& source, const RowSql& sql) {
  const auto [number, micros] = sql.time();
  return fmt::format(
      "CREATE OR REPLACE TABLE {} AS SELECT {} AS session, {} AS user_key, {} AS device, {} AS "
      "item, {} AS kind, {} AS number, {} AS micros, {} AS day_offset, {} AS price, {} AS "
      "quantity, {} AS country, {} AS order_key, TRY_CAST({} AS BIGINT) AS sequence, ({})::BIGINT "
      "AS "
      "place, {} AS row_hash, ({}) AS order_is_off, {} AS record, CASE WHEN {} THEN {} WHEN {} "
      "THEN {} WHEN {} "
      "THEN {} ELSE 0 END::UTINYINT AS flaw FROM {}",
      kStaging, sql.id("session_id"), sql.id("user_id"), sql.id("device_id"), sql.id("item_id"),
      sql.meaning(), number, micros, sql.offset(), sql.amount("price"), sql.amount("quantity"),
      sql.id("country"), sql.id("order_id"), sql.text("sequence"), source.place, sql.row_hash(),
      sql.order_is_off(), source.record.empty() ? "NULL::BIGINT" : source.record, source.blank,
      kBlank, source.malformed, code(RefusedReason::kMalformed), sql.cancelled(),
      code(RefusedReason::kCancelled), source.from);
}

/// Returns a FROM clause over the staging table that adds `time`, `row` and `reason` (0 for a good
/// row).
std::string judged_sql(TimeUnit unit) {
  return fmt::format(
      "(SELECT * REPLACE (coalesce(micros, {micros}) + day_offset AS micros), coalesce(record, "
      "rowid) AS row, CASE WHEN flaw <> 0 THEN flaw WHEN kind > {steps} THEN {aside} + kind WHEN "
      "item IS NULL THEN {empty} WHEN strlen(item) > {longest} THEN {long} WHEN session IS NULL "
      "AND user_key IS NULL AND device IS NULL THEN {shopper} WHEN micros IS NULL AND (number IS "
      "NULL OR NOT isfinite(number)) THEN {unreadable} WHEN micros <= 0 OR number <= 0 THEN "
      "{positive} WHEN micros IS NULL AND {other} THEN {unit} WHEN {micros} IS NULL AND micros IS "
      "NULL THEN {unreadable} WHEN coalesce(micros, {micros}) <= 0 THEN {positive} WHEN "
      "coalesce(micros, {micros}) >= {end} * 1000000 THEN {late} ELSE 0 END::UTINYINT AS reason "
      "FROM {staging})",
      fmt::arg("micros", time_number_micros_sql("number", unit)),
      fmt::arg("steps", static_cast<int>(EventMeaning::kOther)), fmt::arg("aside", kAside),
      fmt::arg("empty", code(RefusedReason::kEmptyItem)), fmt::arg("longest", kLongestItemId),
      fmt::arg("long", code(RefusedReason::kItemTooLong)),
      fmt::arg("shopper", code(RefusedReason::kMissingShopper)),
      fmt::arg("unreadable", code(RefusedReason::kUnreadableTime)),
      fmt::arg("positive", code(RefusedReason::kTimeNotPositive)),
      fmt::arg("other", other_unit_sql("number", unit)),
      fmt::arg("unit", code(RefusedReason::kTimeUnit)), fmt::arg("end", kEndOfTimes),
      fmt::arg("late", code(RefusedReason::kTimeTooLate)), fmt::arg("staging", kStaging));
}

void count_rows(Database& database, const ReadFile& file, const std::string& judged,
                const ReadOptions& options, ReadReport& report) {
  std::map<RefusedReason, std::vector<std::uint64_t>> samples;
  Rows counts = database.query(
      fmt::format("SELECT reason, count(*) FROM {} WHERE reason <> {} GROUP BY reason ORDER BY "
                  "reason",
                  judged, kBlank));
  while (const Chunk* chunk = counts.next()) {
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      const auto count = static_cast<std::uint64_t>(chunk->int64s(1)[row]);
      const int found = chunk->uint8s(0)[row];
      report.rows_read += count;
      if (found == 0) {
        report.rows_kept += count;
      } else if (found >= kAside) {
        report.set_aside.at(static_cast<std::size_t>(found - kAside)) += count;
      } else {
        report.refused[static_cast<RefusedReason>(found)].count += count;
        samples[static_cast<RefusedReason>(found)] = {};
      }
    }
  }
  for (auto& [reason, rows] : samples) {
    Rows found = database.query(
        fmt::format("SELECT DISTINCT row FROM {} WHERE reason = {} ORDER BY row LIMIT {}", judged,
                    code(reason), options.max_samples));
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
  if (file.kind || file.columns.count("event") == 0) return;
  const std::int64_t unknown = database.query_int64(fmt::format(
      "SELECT count(*) FROM {} WHERE kind = {}", kStaging, static_cast<int>(EventMeaning::kOther)));
  if (unknown == 0) return;
  const TextSource source = text_source(file.input, file.columns);
  const std::string word = text_or_null(source, "event");
  Rows rows = database.query(fmt::format(
      "SELECT word FROM (SELECT {} AS word FROM {}) WHERE word IS NOT NULL AND {} = {} "
      "GROUP BY word ORDER BY count(*) DESC, word LIMIT 5",
      word, source.from, event_meaning_sql("word"), static_cast<int>(EventMeaning::kOther)));
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
      base::with_thousands(static_cast<std::uint64_t>(unknown)), words,
      options.columns.count("event") == 0 ? fmt::format(" (column {})", file.columns.at("event"))
                                          : ""));
}

/// Marks rows that say that they do not count and, where the session is an order, the other rows of
/// the order: an export may name the status in its first row only.
void mark_cancelled_orders(Database& database, const ReadFile& file) {
  const auto session = file.columns.find("session_id");
  const bool orders = session != file.columns.end() && is_order_column(session->second);
  database.execute(fmt::format(
      "UPDATE {0} SET flaw = {1} WHERE flaw = 0 AND (order_is_off{2})", kStaging,
      code(RefusedReason::kCancelled),
      orders ? fmt::format(" OR session IN (SELECT session FROM {} WHERE order_is_off AND session "
                           "IS NOT NULL)",
                           kStaging)
             : std::string()));
}

std::string extra_columns(const RowColumns& columns) {
  return fmt::format("{}{}{}{}", columns.device ? ", device" : "",
                     columns.order ? ", order_key" : "", columns.sequence ? ", sequence" : "",
                     columns.place ? ", place" : "");
}

}  // namespace

void create_event_rows(Database& database, const std::string& table, const RowColumns& columns) {
  database.execute(fmt::format(
      "CREATE OR REPLACE TABLE {} (session VARCHAR, user_key VARCHAR, item VARCHAR, kind "
      "UTINYINT, micros BIGINT, price DOUBLE, quantity DOUBLE, country VARCHAR, row_hash UBIGINT, "
      "file INTEGER, row BIGINT{}{}{}{}); CREATE OR REPLACE TABLE {} (session VARCHAR, user_key "
      "VARCHAR, item VARCHAR, micros BIGINT, device VARCHAR, order_key VARCHAR)",
      table, columns.device ? ", device VARCHAR" : "", columns.order ? ", order_key VARCHAR" : "",
      columns.sequence ? ", sequence BIGINT" : "", columns.place ? ", place BIGINT" : "",
      kTakenBack));
}

void check_columns(const ReadFile& file, const RunFacts& run, const ReadOptions& options) {
  const auto has = [&](const char* role) { return file.columns.count(role) != 0; };
  std::string missing;
  std::string_view role;
  if (!has("item_id")) {
    missing = "no column for the item";
    role = "item_id";
  } else if (!has("session_id") && !has("user_id") && !has("device_id")) {
    missing = "neither a session nor a user column";
    role = "session_id";
  } else if (!has("timestamp")) {
    missing = "no column for the time";
    role = "timestamp";
  }
  if (!missing.empty()) {
    const bool headerless = file.input.format == FileFormat::kCsv && !file.input.dialect.has_header;
    throw base::Error(base::ExitCode::kDataUnusable,
                      fmt::format("{} has {}; its columns are: {}{}. Name it with --map {}=COLUMN",
                                  file.input.name, missing, list_columns(file.offer.paths),
                                  headerless ? " (it has no header line)" : "", role));
  }
  const std::string& column = file.columns.at("timestamp");
  const ColumnFacts facts = facts_of(run, column);
  if (decide_time(facts.time, options.time_unit, options.day_first).undecided) {
    std::string samples;
    for (const std::string& sample : facts.samples) {
      samples += (samples.empty() ? "" : ", ") + sample;
    }
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("{}: the numbers in the time column {} ({}) are no dates. If they count days, "
                    "give --time-unit days; if seconds, --time-unit seconds; or name another "
                    "column with --map timestamp=COLUMN",
                    file.input.name, column, samples));
  }
}

void read_event_rows(Database& database, ReadFile& file, int file_index, const RunFacts& run,
                     const ReadOptions& options, const RowColumns& columns,
                     const std::string& table, ReadReport& report) {
  TimeUnit unit = TimeUnit::kSeconds;
  bool orders_off = false;
  stage_file(
      database, file, file_index,
      [&](const TextSource& source) {
        const RowSql sql(source, file, run, options);
        unit = sql.time_rule().unit;
        orders_off = sql.order_is_off() != "false";
        return staging_sql(source, sql);
      },
      options, report.refused, report.rows_read);
  if (orders_off) mark_cancelled_orders(database, file);
  const std::string judged = judged_sql(unit);
  const std::string extra = extra_columns(columns);
  database.execute(fmt::format(
      "INSERT INTO {} SELECT session, user_key, item, kind, micros, CASE WHEN isfinite(price) AND "
      "price >= 0 THEN price END, CASE WHEN isfinite(quantity) THEN quantity END, country, "
      "row_hash, {}, row{} FROM {} WHERE reason = 0; INSERT INTO {} SELECT session, user_key, "
      "item, micros, device, order_key FROM {} WHERE reason IN ({}, {})",
      table, file_index, extra, judged, kTakenBack, judged,
      kAside + static_cast<int>(EventMeaning::kRefund),
      kAside + static_cast<int>(EventMeaning::kCancellation)));
  const std::uint64_t mixed_before = report.refused.count(RefusedReason::kTimeUnit) == 0
                                         ? 0
                                         : report.refused[RefusedReason::kTimeUnit].count;
  count_rows(database, file, judged, options, report);
  if (report.refused.count(RefusedReason::kTimeUnit) != 0) {
    const std::uint64_t mixed = report.refused[RefusedReason::kTimeUnit].count - mixed_before;
    if (mixed != 0) {
      report.warnings.push_back(
          fmt::format("{}: most times are {}; {} rows have another unit and are refused; put them "
                      "into a separate file and read it in a run of its own",
                      file.input.name, time_unit_words(unit), mixed));
    }
  }
  warn_about_unknown_kinds(database, file, options, report);
  database.execute(fmt::format("DROP TABLE {}", kStaging));
}

}  // namespace vitrine::data
